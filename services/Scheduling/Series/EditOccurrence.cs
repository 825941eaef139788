using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Series;

/// <summary>How far an edit of one occurrence goes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OccurrenceEdit>))]
internal enum OccurrenceEdit
{
    /// <summary>That one only, which then goes its own way.</summary>
    This,

    /// <summary>It and all after it, which become a series of their own.</summary>
    ThisAndFollowing,
}

/// <summary>Edits one occurrence of a series, or it and all that follow.</summary>
internal static class EditOccurrence
{
    internal sealed record Request : TemplateEntry
    {
        /// <summary>This, or ThisAndFollowing.</summary>
        public required OccurrenceEdit Apply { get; init; }

        /// <summary>On the wall's clock of the series' zone; as it was if left out.</summary>
        public string? StartsLocal { get; init; }

        /// <summary>30 to 1,440; as it was if left out.</summary>
        public int? DurationMinutes { get; init; }

        /// <summary>With ThisAndFollowing only: how it goes on; the rest of the series' rule if left out.</summary>
        public string? Rule { get; init; }

        /// <summary>With ThisAndFollowing only: days left out; as they were if left out.</summary>
        public IReadOnlyList<string>? Exceptions { get; init; }

        /// <summary>The series from the occurrence on, as edited.</summary>
        public SeriesPattern? Over(SeriesPattern rest, Faults faults) => SeriesPattern.Read(
            faults, Rule ?? rest.Rule.ToString(), StartsLocal ?? WallClock.Text(rest.StartsOn), DurationMinutes ?? rest.DurationMinutes, rest.Zone.Id,
            Exceptions ?? [.. rest.Exceptions.Select(WallClock.DateText)]);

        public override void Validate(Faults faults)
        {
            base.Validate(faults);
            SeriesPattern.Read(faults, Rule ?? "FREQ=DAILY;COUNT=1", StartsLocal ?? "2000-01-01T00:00", DurationMinutes ?? 60, "UTC", Exceptions ?? []);
            if (Apply != OccurrenceEdit.This) faults.Known(Apply, "/apply");
            else
            {
                faults.Check(Rule is null, "/rule", "series.rule_of_one", "One occurrence has no rule.")
                    .Check(Exceptions is null, "/exceptions", "series.rule_of_one", "One occurrence has no exceptions.");
            }
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/series/{id:guid}/occurrences/{on}", async (Guid id, string on, Body<Request> body, IfMatch ifMatch, Caller caller, EditOccurrenceHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, on, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditOccurrence), "Edits one occurrence, or it and all that follow; named by its day, such as 2026-12-03.",
            "This: the session is edited, or made if it could not be planned before, and from then on goes its own way. ThisAndFollowing: the series ends the day before, " +
            "and another, which is answered, goes on from there with the sessions that were planned; edited from its first occurrence, the series itself is edited.")
        .Allow(Permission.ManagePlan).Conditional()
        .Example(new Request
        {
            Apply = OccurrenceEdit.ThisAndFollowing,
            Title = "Every evening",
            BrandIds = [Guid.Empty],
            ChannelIds = [Guid.Empty],
            HostId = Guid.Empty,
            RoomId = Guid.Empty,
            StartsLocal = "2026-12-03T21:00",
        })
        .Gives<SeriesView>()
        .Rejects([
            SeriesRejections.NotFound, SeriesRejections.Cancelled, SeriesRejections.OccurrenceNotFound, SeriesRejections.OccurrenceIsOver, SessionRejections.IllegalTransition,
            SessionRejections.StartsInPast, SessionRejections.StartsTooLate, BookingRejections.Conflict, .. MandateRejections.All,
            .. SeriesChange.OfTheWhole.Except([CommonRejections.LostRace]),
        ]);
}

internal sealed class EditOccurrenceHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SeriesView>> Handle(Caller caller, Guid id, string on, IfMatch ifMatch, EditOccurrence.Request body, CancellationToken ct) =>
        db.InTransaction<SeriesView>(caller.Write, async work =>
        {
            var taken = await SeriesChange.Take(work, caller, id);
            if (taken.Rejection is { } missing) return missing;
            var (series, owner) = taken.Value;
            if (ifMatch.Check(series.Version) is { } stale) return stale;
            if (!WallClock.TryParseDate(on, out var day)) return SeriesRejections.NoOccurrence(on);
            var planned = series.Pattern.Occurrences.FirstOrDefault(o => o.On == on);
            return body.Apply == OccurrenceEdit.This
                ? await EditThis(work, caller, series, owner, planned, on, body)
                : planned.On is null ? SeriesRejections.NoOccurrence(on)
                : planned.StartsAt <= work.Now ? SeriesRejections.OccurrenceIsOver.Because($"It began at {planned.StartsAt:O}.")
                : await EditFollowing(work, caller, series, owner, day, body);
        }, ct);

    private async Task<Result<SeriesView>> EditThis(UnitOfWork work, Caller caller, SeriesRow series, UnitRow owner, SeriesOccurrence planned, string on, EditOccurrence.Request body)
    {
        var session = (await work.Query<SessionRow>(SeriesSql.Sessions, new { series.Id })).FirstOrDefault(s => s.OccurrenceOn == on);
        if (session is null && planned.On is null) return SeriesRejections.NoOccurrence(on);
        var zone = series.Pattern.Zone;
        var startsAt = body.StartsLocal is { } local && WallClock.TryParse(local, out var at) ? WallClock.ToInstant(at, zone) : session?.StartsAt ?? planned.StartsAt;
        var length = body.DurationMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : session is null ? planned.EndsAt - planned.StartsAt : session.EndsAt - session.StartsAt;
        var saved = await SeriesChange.Save(work, series);
        if (saved.Rejection is { } lost) return lost;
        var refusal = await new SeriesChange(work, clock, caller, saved.Value, owner).Detach(on, body.ToTemplate().At(startsAt, startsAt + length));
        return refusal is null ? await SeriesChange.View(work, saved.Value) : refusal;
    }

    private async Task<Result<SeriesView>> EditFollowing(UnitOfWork work, Caller caller, SeriesRow series, UnitRow owner, DateTime day, EditOccurrence.Request body)
    {
        var before = series.Pattern;
        var isFirst = Occurrences.Of(before.Rule, before.StartsOn, before.Zone).First().Date == day;
        var edited = body.Over(before.From(day), new Faults())!;
        var faults = edited.Check(work.Now);
        if (faults.Count > 0) return faults.ToRejection();
        var saved = await SeriesChange.Save(work, isFirst ? series.With(edited).With(body.ToTemplate()) : series.With(before.Before(day)));
        if (saved.Rejection is { } lost) return lost;
        var changed = saved.Value;
        if (!isFirst)
        {
            changed = series with { Id = clock.NewId(), Version = 1, FollowsId = series.Id, CreatedAt = work.Now };
            changed = changed.With(edited).With(body.ToTemplate());
            var on = WallClock.DateText(day);
            await work.Execute(SeriesSql.Insert, changed.ToParameters());
            await work.Execute(SeriesSql.HandOver, new { FromId = series.Id, ToId = changed.Id, On = on });
            await work.Execute(SeriesSql.ForgetRefusals, new { series.Id, From = on });
        }
        if (await new SeriesChange(work, clock, caller, changed, owner).BringInLine() is { } refusal) return refusal;
        return await SeriesChange.View(work, changed);
    }
}
