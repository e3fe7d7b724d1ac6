from kgan.runs.folder import default_folder


def test_folders_are_named_after_the_data():
    assert str(default_folder("cogan", "digits")) == "runs/cogan-digits"
    assert str(default_folder("cogan", "digits", "edges")) == "runs/cogan-digits-edges"
