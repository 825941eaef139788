using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;

namespace LiveCommerce.Scheduling.Tests.Calendars;

internal sealed class RecurrenceRuleTests
{
    [TestCase("FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3")]
    [TestCase("RRULE:freq=weekly;byday=tu,th;until=20261231", "FREQ=WEEKLY;UNTIL=20261231;BYDAY=TU,TH")]
    [TestCase("FREQ=MONTHLY;BYMONTHDAY=-1,15,15;INTERVAL=2;COUNT=4;WKST=SU", "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYMONTHDAY=-1,15;WKST=SU")]
    [TestCase("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20291231T155959Z", "FREQ=YEARLY;UNTIL=20291231T155959Z;BYMONTH=11;BYDAY=4TH")]
    [TestCase("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20291231T200000", "FREQ=MONTHLY;UNTIL=20291231T200000;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")]
    public void ARule_IsReadAndWrittenInOneWay(string text, string written)
    {
        var rule = Parse(text, out var faults);
        Assert.That(faults, Is.Empty);
        Assert.That(rule!.ToString(), Is.EqualTo(written));
        Assert.That(Parse(written, out _)!.ToString(), Is.EqualTo(written));
    }

    [TestCase("FREQ=DAILY;BYHOUR=9;COUNT=3", "BYHOUR is not supported.")]
    [TestCase("FREQ=YEARLY;BYWEEKNO=20;COUNT=3", "BYWEEKNO is not supported.")]
    [TestCase("FREQ=YEARLY;BYYEARDAY=1;COUNT=3", "BYYEARDAY is not supported.")]
    [TestCase("RSCALE=CHINESE;FREQ=YEARLY;COUNT=3", "RSCALE is not supported.")]
    [TestCase("FREQ=HOURLY;COUNT=3", "FREQ=HOURLY is not supported: a session recurs by days, weeks, months or years.")]
    public void WhatIsNotSupported_IsNamed(string text, string detail)
    {
        Assert.That(Parse(text, out var faults), Is.Null);
        Assert.That(faults, Is.EqualTo(new[] { new Fault("/rule", "series.rule_unsupported", detail) }));
    }

    [TestCase("")]
    [TestCase("daily")]
    [TestCase("COUNT=3")]
    [TestCase("FREQ=FORTNIGHTLY;COUNT=3")]
    [TestCase("FREQ=DAILY;COUNT=0")]
    [TestCase("FREQ=DAILY;COUNT=-1")]
    [TestCase("FREQ=DAILY;COUNT=99999999999")]
    [TestCase("FREQ=DAILY;COUNT=3;COUNT=4")]
    [TestCase("FREQ=DAILY;COUNT=3;UNTIL=20261231")]
    [TestCase("FREQ=DAILY;UNTIL=tomorrow")]
    [TestCase("FREQ=DAILY;UNTIL=20260230")]
    [TestCase("FREQ=DAILY;INTERVAL=0;COUNT=3")]
    [TestCase("FREQ=WEEKLY;BYDAY=XX;COUNT=3")]
    [TestCase("FREQ=WEEKLY;BYDAY=;COUNT=3")]
    [TestCase("FREQ=WEEKLY;BYDAY=1MO;COUNT=3")]
    [TestCase("FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3")]
    [TestCase("FREQ=MONTHLY;BYDAY=0MO;COUNT=3")]
    [TestCase("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3")]
    [TestCase("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3")]
    [TestCase("FREQ=YEARLY;BYMONTH=13;COUNT=3")]
    [TestCase("FREQ=YEARLY;BYMONTH=-1;COUNT=3")]
    [TestCase("FREQ=MONTHLY;BYSETPOS=1;COUNT=3")]
    [TestCase("FREQ=DAILY;WKST=1;COUNT=3")]
    [TestCase("FREQ=DAILY;COLOUR=RED;COUNT=3")]
    [TestCase("FREQ=DAILY;;COUNT=3")]
    public void WhatIsNoRule_IsRefused(string text)
    {
        Assert.That(Parse(text, out var faults), Is.Null);
        Assert.That(faults.Select(f => (f.Pointer, f.Code)), Is.Not.Empty.And.All.EqualTo(("/rule", "series.rule_invalid")));
    }

    [Test]
    public void EveryFault_IsListed()
    {
        Parse("FREQ=DAILY;BYHOUR=1;INTERVAL=x;WKST=9;WHAT=1", out var faults);
        Assert.That(faults, Has.Count.EqualTo(4));
    }

    private static RecurrenceRule? Parse(string text, out IReadOnlyList<Fault> found)
    {
        var faults = new Faults();
        var rule = RecurrenceRule.Parse(text, "/rule", faults);
        found = faults.List;
        return rule;
    }
}
