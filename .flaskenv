FLASK_APP=pulse
