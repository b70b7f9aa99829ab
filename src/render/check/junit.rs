//! JUnit XML: a suite a budget, a test a file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::super::escape::visible;
use super::super::{Renderer, RendererInfo, Style};
use super::{empty, lost, told};
use crate::check::{BudgetResult, Check, Finding, Level};

/// The renderer.
pub(crate) struct JUnit;

static INFO: RendererInfo = RendererInfo {
    id: "junit",
    extensions: &["xml"],
    media_type: "application/xml",
    help: "test results: a suite a budget, a test a file",
};

impl Renderer<Check> for JUnit {
    fn info(&self) -> &RendererInfo {
        &INFO
    }

    fn render(&self, check: &Check, _style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut report = Report::new("imgbench check");
        let active = check.budgets.iter().filter(|b| b.level != Level::Off);
        report.add_test_suites(active.map(|budget| suite(check, budget)));
        report.add_test_suites(unchecked(check));
        report.serialize(out).map_err(io::Error::other)
    }
}

fn suite(check: &Check, budget: &BudgetResult) -> TestSuite {
    let mut suite = TestSuite::new(visible(&budget.name));
    let mut found = BTreeMap::<_, Vec<&Finding>>::new();
    for finding in check.findings.iter().filter(|f| f.budget == budget.name) {
        let file = (finding.path.as_deref(), finding.path_bytes.as_deref());
        found.entry(file).or_default().push(finding);
    }
    for ((path, _), findings) in &found {
        let name = path.unwrap_or(&findings[0].rule);
        suite.add_test_case(case(budget, name, findings));
    }
    // What is among what could not be checked is no test that passes.
    let lost = check.failures.iter();
    let lost: BTreeSet<_> = lost.map(|f| (&f.path, &f.path_bytes)).collect();
    let fine = check.files.iter().filter(|f| {
        let is_found = found.contains_key(&(Some(&*f.path), f.path_bytes.as_deref()));
        let is_lost = lost.contains(&(&f.path, &f.path_bytes));
        f.budgets.contains(&budget.name) && !is_found && !is_lost
    });
    suite.add_test_cases(fine.map(|f| test(&budget.name, &f.path, TestCaseStatus::success())));
    suite
}

/// What was found of a file as one test, for its readers tell tests by their names: a warning passes, but says so.
fn case(budget: &BudgetResult, name: &str, findings: &[&Finding]) -> TestCase {
    let messages: Vec<String> = findings.iter().map(|f| visible(&told(f))).collect();
    let messages = messages.join("\n");
    let exempt = findings.iter().find_map(|f| f.exempt.as_ref());
    let mut status = if let Some(reason) = exempt {
        let mut status = TestCaseStatus::skipped();
        status.set_message(visible(&format!("exempt: {reason}")));
        status
    } else if budget.level == Level::Error {
        let rules: Vec<&str> = findings.iter().map(|f| f.rule.as_str()).collect();
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(rules.join(", "));
        status.set_message(messages.clone());
        status
    } else {
        let mut case = test(&budget.name, name, TestCaseStatus::success());
        case.set_system_out(format!("warning: {messages}"));
        return case;
    };
    status.set_description(messages);
    test(&budget.name, name, status)
}

fn test(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(visible(name), status);
    case.set_classname(visible(class));
    case
}

/// What could not be checked, as tests that broke.
fn unchecked(check: &Check) -> Option<TestSuite> {
    let failures = check.failures.iter().map(|f| (f.path.clone(), lost(f)));
    let empty = empty(check).map(|(line, text)| (format!("{}:{line}", check.config), text));
    let mut all = failures.chain(empty).peekable();
    all.peek()?;
    let mut suite = TestSuite::new("not checked");
    for (name, message) in all {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(visible(&message));
        suite.add_test_case(test("not checked", &name, status));
    }
    Some(suite)
}
