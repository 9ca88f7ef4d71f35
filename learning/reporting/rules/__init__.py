"""Rules of duties: the list, the form with its dry run, ending one."""
