"""Fifty exports of one project tell no more of a place than one does."""

import dataclasses

import numpy as np
import pandas as pd
from helpers.people import people_project

from gisapp.privacy.redact import redact

EXPORTS = 50


def places(project):
    frame = next(
        x for x in redact(project, "partner", recipient="LBH").layers
        if x.name == "assessed_businesses"
    ).frame  # fmt: skip
    return pd.DataFrame({"x": frame.geometry.x.to_numpy(), "y": frame.geometry.y.to_numpy()},
                        index=pd.Index(frame["id"]))  # fmt: skip


def test_fifty_exports_of_a_living_project_average_to_the_mask():
    project = people_project(24, 16)
    layer = project.layer("assessed_businesses")
    rng = np.random.default_rng(5)
    told = []
    for _export in range(EXPORTS):  # rows in another order each time, some not there yet
        rows = rng.permutation(len(layer.frame))[: rng.integers(16, 25)]
        frame = layer.frame.iloc[np.sort(rows)].reset_index(drop=True)
        kept = set(frame["id"])
        survey = project.layer("businesses")
        present = survey.frame[survey.frame["id"].isin(kept)].sample(frac=1, random_state=_export)
        changed = project.with_layer(dataclasses.replace(layer, frame=frame))
        changed = changed.with_layer(
            dataclasses.replace(survey, frame=present.reset_index(drop=True))
        )
        told.append(places(changed))
    every = pd.concat(told)
    spread = every.groupby(level=0).std().fillna(0.0)
    assert spread.to_numpy().max() < 1e-6
