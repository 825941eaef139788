using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;

namespace LiveCommerce.Scheduling.Tests.Calendars;

internal sealed class OccurrencesTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [TestCase("FREQ=MONTHLY;COUNT=4", "2026-01-31T20:00", "01-31 03-31 05-31 07-31", TestName = "AMonthWithoutThe31st_IsLeftOut")]
    [TestCase("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4", "2026-01-31T20:00", "01-31 02-28 03-31 04-30", TestName = "TheLastDayOfAMonth_IsInEveryMonth")]
    [TestCase("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "2026-01-30T20:00", "01-30 02-27 03-27", TestName = "TheLastFriday")]
    [TestCase("FREQ=MONTHLY;BYDAY=5SA;COUNT=3", "2026-01-31T20:00", "01-31 05-30 08-29", TestName = "TheFifthSaturday_IsNotInEveryMonth")]
    [TestCase("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "2026-01-30T20:00", "01-30 02-27 03-31", TestName = "TheLastWorkingDay")]
    [TestCase("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "2026-02-13T20:00", "02-13 03-13 11-13", TestName = "FridayTheThirteenth")]
    [TestCase("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4;WKST=MO", "1997-08-05T09:00", "08-05 08-10 08-19 08-24", TestName = "WeeksBeginOnMonday_AsTheStandardsExampleHasIt")]
    [TestCase("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4;WKST=SU", "1997-08-05T09:00", "08-05 08-17 08-19 08-31", TestName = "WeeksBeginOnSunday_AsTheStandardsExampleHasIt")]
    [TestCase("FREQ=YEARLY;BYDAY=20MO;COUNT=2", "1997-05-19T09:00", "05-19 05-18", TestName = "TheTwentiethMondayOfAYear")]
    [TestCase("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2", "2026-11-26T09:00", "11-26 11-25", TestName = "TheFourthThursdayOfNovember")]
    [TestCase("FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=1,7;COUNT=3", "2026-01-01T09:00", "01-01 07-01 01-01", TestName = "TwoMonthsOfAYear")]
    [TestCase("FREQ=DAILY;INTERVAL=10;UNTIL=20260121", "2026-01-01T20:00", "01-01 01-11 01-21", TestName = "TheLastDayCounts_HoweverLateInIt")]
    [TestCase("FREQ=DAILY;UNTIL=20260102T200000", "2026-01-01T20:00", "01-01 01-02", TestName = "TheLastTimeCounts")]
    [TestCase("FREQ=DAILY;UNTIL=20260103T115959Z", "2026-01-01T20:00", "01-01 01-02", TestName = "TheEndIsAnInstant_AndShanghaiIsEightHoursAhead")]
    [TestCase("FREQ=DAILY;BYDAY=SA,SU;COUNT=3", "2026-01-03T20:00", "01-03 01-04 01-10", TestName = "EveryDayThatIsAtTheWeekend")]
    public void ARuleRecurs(string rule, string start, string days) =>
        Assert.That(string.Join(' ', Of(rule, start).Select(d => d.ToString("MM-dd"))), Is.EqualTo(days));

    [Test]
    public void TheLeapDay_ComesEveryFourYears_AndNotIn2100()
    {
        Assert.That(Of("FREQ=YEARLY;COUNT=3", "2028-02-29T20:00").Select(d => d.Year), Is.EqualTo(new[] { 2028, 2032, 2036 }));
        Assert.That(Of("FREQ=YEARLY;COUNT=3", "2096-02-29T20:00").Select(d => d.Year), Is.EqualTo(new[] { 2096, 2104, 2108 }));
        Assert.That(Of("FREQ=MONTHLY;BYMONTHDAY=29;BYMONTH=2;COUNT=2", "2028-02-29T20:00").Select(d => d.Year), Is.EqualTo(new[] { 2028, 2032 }));
    }

    [Test]
    public void ADayThatNeverComes_EndsTheSearch()
    {
        Assert.That(Of("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "2026-01-01T20:00"), Is.Empty);
        Assert.That(Of("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "2026-01-01T20:00"), Is.Empty);
        Assert.That(Of("FREQ=YEARLY;INTERVAL=1000;COUNT=9", "2026-01-01T20:00"), Has.Count.EqualTo(1));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void EveryDayOfTwoYears_IsAnOccurrence_IfTheRuleNamesIt(byte frequency, byte interval, byte[] months, sbyte[] monthDays, (byte, sbyte)[] days, ushort startDay)
    {
        var start = new DateTime(2027, 1, 1, 20, 0, 0).AddDays(startDay % 400);
        var rule = Rules.Any(frequency, interval, months, monthDays, days) with { Count = null };
        var end = start.AddYears(2);
        var named = Enumerable.Range(0, 730).Select(i => start.AddDays(i)).Where(d => Rules.Names(rule, start, d)).ToList();
        var found = Occurrences.Of(rule, start, Shanghai).TakeWhile(d => d < start.AddDays(730)).ToList();
        Assert.That(found, Is.EqualTo(named), $"{rule} from {start:O} to {end:O}");
    }

    /// <summary>
    /// Without what the other parser is known to get wrong, which the model above judges: a start that the rule does not name, days of
    /// the month in a daily or yearly rule or together with days of the week, a day that some of the months named do not have, and
    /// months of the year in a rule of every n-th month.
    /// </summary>
    [Test]
    public async Task AThousandRules_RecurAsTheOtherParserHasIt()
    {
        var random = new Random(4);
        List<(RecurrenceRule Rule, DateTime Start)> cases = [];
        while (cases.Count < 1000)
        {
            var start = new DateTime(2026, 1, 1, 20, 0, 0).AddDays(random.Next(1500));
            var rule = Rules.Random(random);
            var first = Occurrences.Of(rule, start, Shanghai).FirstOrDefault();
            if (first == default || rule is { Frequency: Frequency.Daily, MonthDays.Count: > 0 } or { Days.Count: > 0, MonthDays.Count: > 0 }
                or { Frequency: Frequency.Monthly, Interval: > 1, Months.Count: > 0 } or { Frequency: Frequency.Yearly, MonthDays.Count: > 0 }
                or { Frequency: Frequency.Yearly, Months.Count: > 0, Days.Count: 0 }) continue;
            cases.Add((rule, first));
        }
        var theirs = await OtherParser.Expand(cases.Select(c => (c.Rule.ToString(), c.Start.ToString("s"), 30)));
        Assert.Multiple(() =>
        {
            foreach (var ((rule, start), times) in cases.Zip(theirs))
            {
                // Here the search ends after thirty years.
                var once = times.Distinct().TakeWhile(t => string.CompareOrdinal(t, start.AddYears(25).ToString("s")) < 0).ToList();
                Assert.That(Occurrences.Of(rule, start, Shanghai).Take(once.Count).Select(d => d.ToString("s")), Is.EqualTo(once), $"{rule} from {start:s}");
            }
        });
    }

    private static List<DateTime> Of(string text, string start)
    {
        var faults = new Faults();
        var rule = RecurrenceRule.Parse(text, "/rule", faults);
        Assert.That(faults.List, Is.Empty);
        Assert.That(WallClock.TryParse(start, out var at));
        return [.. Occurrences.Of(rule!, at, Shanghai).Take(1000)];
    }
}

/// <summary>Any rule, and what it means for a single day: a model that steps through nothing.</summary>
internal static class Rules
{
    public static RecurrenceRule Any(byte frequency, byte interval, byte[] months, sbyte[] monthDays, (byte, sbyte)[] days)
    {
        var kind = (Frequency)(frequency % 4);
        var mayCount = kind is Frequency.Monthly or Frequency.Yearly;
        return new RecurrenceRule
        {
            Frequency = kind,
            Interval = interval % 4 + 1,
            Months = [.. months.Take(interval % 3).Select(m => m % 12 + 1).Distinct().Order()],
            MonthDays = kind == Frequency.Weekly ? [] : [.. monthDays.Take(frequency % 3).Select(d => d % 31 is 0 ? 31 : d % 31).Distinct().Order()],
            Days = [.. days.Take(interval % 4).Select(d => new RuleDay(mayCount ? d.Item2 % 6 : 0, (DayOfWeek)(d.Item1 % 7))).Distinct()],
            WeekStart = (DayOfWeek)(interval % 7),
        };
    }

    public static RecurrenceRule Random(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var rule = Any(bytes[0], bytes[1], [bytes[2], bytes[3]], [(sbyte)bytes[4], (sbyte)bytes[5]], [(bytes[6], (sbyte)bytes[7]), (bytes[8], (sbyte)bytes[9]), (bytes[10], (sbyte)bytes[11])]);
        return rule with { Count = 30 };
    }

    public static bool Names(RecurrenceRule rule, DateTime start, DateTime day)
    {
        var fromMonth = (day.Day - 1) / 7 + 1;
        var toMonth = -((DateTime.DaysInMonth(day.Year, day.Month) - day.Day) / 7 + 1);
        var fromYear = (day.DayOfYear - 1) / 7 + 1;
        var toYear = -(((DateTime.IsLeapYear(day.Year) ? 366 : 365) - day.DayOfYear) / 7 + 1);
        var months = (day.Year - start.Year) * 12 + day.Month - start.Month;
        var weeks = (WeekOf(day) - WeekOf(start)).Days / 7;
        var steps = rule.Frequency switch { Frequency.Daily => (day.Date - start.Date).Days, Frequency.Weekly => weeks, Frequency.Monthly => months, _ => day.Year - start.Year };
        var ofMonth = rule.Frequency == Frequency.Monthly || rule.Months.Count > 0;
        return steps % rule.Interval == 0
            && (rule.Months.Count == 0 || rule.Months.Contains(day.Month))
            && (rule.MonthDays.Count == 0 || rule.MonthDays.Any(d => d == day.Day || d == day.Day - DateTime.DaysInMonth(day.Year, day.Month) - 1))
            && (rule.Days.Count == 0 || rule.Days.Any(d => d.Day == day.DayOfWeek && (d.Ordinal == 0 || d.Ordinal == (ofMonth ? fromMonth : fromYear) || d.Ordinal == (ofMonth ? toMonth : toYear))))
            && IsAsTheStart();

        DateTime WeekOf(DateTime at) => at.Date.AddDays(-(((int)at.DayOfWeek - (int)rule.WeekStart + 7) % 7));

        // What no part says is taken from the start.
        bool IsAsTheStart() => rule.Frequency switch
        {
            Frequency.Daily => true,
            Frequency.Weekly => rule.Days.Count > 0 || day.DayOfWeek == start.DayOfWeek,
            Frequency.Monthly => rule.Days.Count + rule.MonthDays.Count > 0 || day.Day == start.Day,
            _ => rule.Days.Count + rule.MonthDays.Count > 0 || (day.Day == start.Day && (rule.Months.Count > 0 || day.Month == start.Month)),
        };
    }
}
