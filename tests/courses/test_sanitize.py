"""The allow-list itself: hostile HTML that rendering would never write, as if rendering had a mistake."""

import pytest

from courses.rendering.sanitize import sanitized


@pytest.mark.parametrize(
    ("bad", "left"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style>x", "x"),
        ("<p onclick='x()'>a</p>", "<p>a</p>"),
        ("<p style='color:red'>a</p>", "<p>a</p>"),
        ("<p class='box kern-btn'>a</p>", '<p class="box">a</p>'),
        ("<p class='evil'>a</p>", "<p>a</p>"),
        ("<p id='inhalt'>a</p>", "<p>a</p>"),
        ("<p id='abschnitt-x'>a</p>", '<p id="abschnitt-x">a</p>'),
        ("<a href='javascript:x'>a</a>", "<a>a</a>"),
        ("<a href='java\nscript:x'>a</a>", "<a>a</a>"),
        ("<a href='http://x.example'>a</a>", "<a>a</a>"),
        ("<a href='//x.example'>a</a>", "<a>a</a>"),
        ("<a href='/\\x.example'>a</a>", "<a>a</a>"),
        ("<a href='#x'>a</a>", "<a>a</a>"),
        ("<a href='https://x.example' target='_blank' ping='/y'>a</a>", '<a href="https://x.example">a</a>'),
        ("<img src='https://x.example/a.png' alt='a'>", '<img alt="a">'),
        ("<img src='data:image/svg+xml,x' alt=''>", '<img alt="">'),
        ("<img src='/a.png' srcset='/b.png 2x' onerror='x' alt=''>", '<img src="/a.png" alt="">'),
        ("<video src='/a.mp4' autoplay controls='' poster='/x'></video>", '<video src="/a.mp4" controls=""></video>'),
        ("<iframe src='/x'>a</iframe>", "a"),
        ("<form action='/x'><input name='a'>b</form>", "b"),
        ("<svg><a xlink:href='javascript:x'>a</a></svg>b", "b"),
        ("<math><mi>x</mi></math>b", "b"),
        ("<button type='submit' formaction='/x' popovertarget='begriff-1'>a</button>",
         '<button popovertarget="begriff-1">a</button>'),
        ("<span popover='manual'>a</span>", "<span>a</span>"),
        ("<li value='1;x'>a</li>", "<li>a</li>"),
        ("<p role='alert' tabindex='3'>a</p>", "<p>a</p>"),
        ("<data value='local:x'>a</data><data value='js:x'>b</data>", '<data value="local:x">a</data><data>b</data>'),
        ("<!-- a -->b", "b"),
        ("<p>offen", "<p>offen</p>"),
    ],
)  # fmt: skip
def test_only_what_is_ours_leaves(bad: str, left: str) -> None:
    assert sanitized(bad) == left


def test_good_output_passes_unchanged() -> None:
    good = (
        '<h2 id="abschnitt-a-b">A &amp; B&nbsp;&lt;</h2>\n<p>„x“ <a href="/kurse/x#abschnitt-y">y</a><br>\n'
        '<a class="external" href="https://x.example/?a=b&amp;c" rel="noopener noreferrer">z</a></p>\n'
        '<img src="/m/a.svg" alt="&quot;&lt;"><ol start="3"><li value="4">a</li></ol>'
    )
    assert sanitized(good) == good
