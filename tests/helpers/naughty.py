"""Texts that have broken pages, templates and spreadsheets."""

NAUGHTY = (
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 2'>",
    "`${window.ran = 3}`",
    "\\`${1}\\",
    "{{7*7}}",
    "{% raw %}{{ this }}{% endraw %}",
    "{# comment #}",
    "${7*7}",
    "\"quoted\" 'single' \\back\\slash \\u0041 \\n",
    "&lt;b&gt;&amp;",
    "-->]]>",
    "\u202eevil\u202c \u200frtl عربي",
    "line\u2028separator\u2029paragraph",
    "javascript:window.ran=4",
    '=HYPERLINK("http://example.invalid")',
    "😀 é ñ ꦗ",
    "tab\tand\nnewline",
    "__proto__",
)
