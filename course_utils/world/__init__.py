"""The embedded world: pictures drawn by plain NumPy functions from a seed.

`catalogue` lists the collections and draws any picture of them; `canvas` and `outlines` are the tools of all families.
Field guide: `flowers` (with `petals`), `leaves` (with `blades`), `shells` and `butterflies` (with `wings`), each on a
`page` of clutter. Slides: `slides`, with `section` (the two dyes), `grounds`, `arrangements` and `cells`.
"""
