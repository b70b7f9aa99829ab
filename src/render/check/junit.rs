//! JUnit XML: a suite a budget, a test a file.

use std::collections::BTreeSet;
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
    let own = check.findings.iter().filter(|f| f.budget == budget.name);
    let mut found = BTreeSet::new();
    for finding in own {
        let name = finding.path.as_ref().unwrap_or(&finding.rule);
        suite.add_test_case(case(budget, name, finding));
        found.insert((finding.path.as_deref(), finding.path_bytes.as_deref()));
    }
    let files = check
        .files
        .iter()
        .filter(|f| f.budgets.contains(&budget.name));
    let fine = files.filter(|f| !found.contains(&(Some(&f.path), f.path_bytes.as_deref())));
    suite.add_test_cases(fine.map(|f| test(&budget.name, &f.path, TestCaseStatus::success())));
    suite
}

/// A finding as a test: a warning passes, but says so.
fn case(budget: &BudgetResult, name: &str, finding: &Finding) -> TestCase {
    let message = visible(&told(finding));
    if let Some(reason) = &finding.exempt {
        let mut status = TestCaseStatus::skipped();
        status.set_message(visible(&format!("exempt: {reason}")));
        status.set_description(message);
        return test(&budget.name, name, status);
    }
    if finding.level != Level::Error {
        let mut case = test(&budget.name, name, TestCaseStatus::success());
        case.set_system_out(format!("warning: {message}"));
        return case;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.rule.clone());
    status.set_message(message.clone());
    status.set_description(message);
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
