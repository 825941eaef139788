using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>A request that plans sessions which have all but their days in common.</summary>
internal abstract record TemplateEntry : PlanEntry
{
    // The times are judged by themselves.
    public SeriesTemplate ToTemplate() => SeriesTemplate.Of(PlanAt(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch + SessionPlan.Shortest));

    public override void Validate(Faults faults) => ToTemplate().Validate(faults);
}

/// <summary>A request that says what a whole series is, and when it takes place.</summary>
internal abstract record SeriesEntry : TemplateEntry
{
    /// <summary>RFC 5545: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and WKST; COUNT or UNTIL is needed.</summary>
    public required string Rule { get; init; }

    /// <summary>The first occurrence on the wall's clock, without an offset; of a new series in the future.</summary>
    public required string StartsLocal { get; init; }

    /// <summary>30 to 1,440.</summary>
    public required int DurationMinutes { get; init; }

    /// <summary>IANA name; the owner's, or the one the series has, if left out.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Days the rule names and that are left out.</summary>
    public IReadOnlyList<string>? Exceptions { get; init; }

    public SeriesPattern? ToPattern(Faults faults, string zone) => SeriesPattern.Read(faults, Rule, StartsLocal, DurationMinutes, TimeZone ?? zone, Exceptions ?? []);

    public override void Validate(Faults faults)
    {
        base.Validate(faults);
        ToPattern(faults, "UTC");
    }
}
