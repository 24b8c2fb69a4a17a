"""No module imports itself by way of others: neither at run time nor for the type checker alone."""

from __future__ import annotations

import grimp
import networkx as nx


def test_no_module_imports_itself_in_a_circle() -> None:
    imports = grimp.build_graph("pjresolve", exclude_type_checking_imports=False, cache_dir=None)
    graph = nx.DiGraph(
        (module, imported)
        for module in imports.modules
        for imported in imports.find_modules_directly_imported_by(module)
    )
    circles = {frozenset(modules) for modules in nx.strongly_connected_components(graph) if len(modules) > 1}
    assert not circles


def test_no_rule_knows_the_registry_that_finds_it() -> None:
    """It imports rules by their files' names, which no import graph shows."""
    imports = grimp.build_graph("pjresolve", exclude_type_checking_imports=False, cache_dir=None)
    rules = imports.find_children("pjresolve.lint.rules")
    assert len(rules) > 60
    known = set().union(*map(imports.find_upstream_modules, rules))
    assert "pjresolve.lint.registry" not in known
    assert not known & rules, "what rules share stands beside their folder"
