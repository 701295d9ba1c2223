"""What gunicorn and the flask command load."""

import sys

from directory.factory import create_app

# Under the flask command the application serves commands; gunicorn serves visitors.
_command = sys.argv[0].endswith(("flask", "flask/__main__.py"))

app = create_app(purpose="command" if _command else "web")
