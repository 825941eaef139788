using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests.Sessions;

/// <summary>Random lives, while the clock goes on, against a model that was written down apart.</summary>
internal sealed class SessionLifeProperties
{
    private static readonly TimeSpan Length = TimeSpan.FromHours(3);

    private Calendar _calendar = null!;

    [OneTimeSetUp]
    public async Task Open() => _calendar = await Calendar.Open("Europe/Berlin", new RecorderModule());

    [OneTimeTearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 25, EndSize = 60)]
    public void WhateverIsDoneToASession_AndWheneverTheClockStands_ItIsWhereItsLifeSays((byte, byte)[] steps) => Run(steps).GetAwaiter().GetResult();

    private DateTimeOffset Now => _calendar.Host.Clock.GetUtcNow();

    private async Task Run((byte, byte)[] steps)
    {
        var plan = await _calendar.NewPlan(Calendar.North, "RegionalBroadcast") with { Phases = new { preparationDays = 9, warmUpDays = 6, reservoirDays = 2, reviewDays = 4 } };
        var id = await _calendar.Drafted(plan);
        var life = new Life { StartsAt = plan.StartsAt, Status = "Draft" };
        foreach (var (what, how) in steps)
        {
            if (what % 4 == 3)
            {
                _calendar.Host.Clock.Advance(TimeSpan.FromHours(how));
                await _calendar.Host.CarryOutDue();
                life = life.At(Now);
            }
            else
            {
                life = await Act(id, plan, life, what, how);
                await _calendar.Host.CarryOutDue();
                life = life.At(Now);
            }
            await AssertIs(id, life);
        }
        await AssertTold(id, life);
        if (life.HoldsSlot) await _calendar.Do(id, life.Status == "Live" ? "end" : "cancel");
    }

    private async Task<Life> Act(Guid id, Plan plan, Life life, byte what, byte how)
    {
        var startsAt = Now.AddHours(how * 2 - 20);
        var action = new[] { "submit", "approve", "reject", "withdraw", "reschedule", "edit", "go-live", "end", "close", "cancel", "submit", "approve", "go-live" }[what / 4 % 13];
        var answer = action switch
        {
            "submit" or "withdraw" => await _calendar.DoAt(Calendar.North, id, action),
            "reject" => await _calendar.Do(id, action, new { reason = "Too early" }),
            "reschedule" => await _calendar.Move(id, startsAt),
            "edit" => await _calendar.Planner().Put(
                $"/scheduling/sessions/{id}", (plan with { Title = $"Title {how}" }).At(life.StartsAt).ForPut(), ("If-Match", (await _calendar.Read(id)).ETag!)),
            _ => await _calendar.Do(id, action),
        };
        var (next, code) = life.After(action, startsAt, Now);
        Assert.That(answer.Code, Is.EqualTo(code), $"{action} of {life} at {Now:O} to {startsAt:O}: {answer.Content}");
        return next;
    }

    private async Task AssertIs(Guid id, Life life)
    {
        var json = (await _calendar.Read(id)).Json;
        Assert.That((string?)json["status"], Is.EqualTo(life.Status), $"{life} at {Now:O}");
        Assert.That((DateTimeOffset)json["startsAt"]!, Is.EqualTo(life.StartsAt));
        var booked = await _calendar.Host.Services.GetRequiredService<SchedulingDb>().Scalar<long>("SELECT COUNT(*) FROM Bookings WHERE SessionId = @Id", new { Id = id });
        Assert.That(booked, Is.EqualTo(life.HoldsSlot || life.EndedAt is not null ? 3 : 0), life.ToString());
        var phases = ScheduleSessionTests.Phases(json);
        Assert.That(phases, Is.EqualTo(phases.Order()));
        Assert.That(phases[3..], Is.EqualTo(new[] { life.LiveStartsAt, life.LiveEndsAt, life.LiveEndsAt.AddDays(4) }));
    }

    /// <summary>Every version since the approval was told, each once, and the last as it is.</summary>
    private async Task AssertTold(Guid id, Life life)
    {
        var told = await Recorded.Of(_calendar.Host, id);
        if (!life.IsPublished)
        {
            Assert.That(told, Is.Empty);
            return;
        }
        Assert.That(told[0].Event, Is.EqualTo(nameof(SessionScheduled)));
        Assert.That(told.Select(t => t.Session.Version), Is.EqualTo(Enumerable.Range(0, told.Count).Select(i => told[0].Session.Version + i)));
        Assert.That(told[^1].Session.Version, Is.EqualTo((long)(await _calendar.Read(id)).Json["version"]!));
        Assert.That(told[^1].Session.Status.ToString(), Is.EqualTo(life.Status));
    }

    private sealed record Life
    {
        public required string Status { get; init; }

        public required DateTimeOffset StartsAt { get; init; }

        public DateTimeOffset? WentLiveAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public bool IsPublished { get; init; }

        public bool HoldsSlot => Status is "Submitted" or "Scheduled" or "WarmUp" or "Live";

        public DateTimeOffset LiveStartsAt => WentLiveAt ?? StartsAt;

        public DateTimeOffset LiveEndsAt => EndedAt ?? (WentLiveAt > StartsAt + Length ? WentLiveAt.Value : StartsAt + Length);

        /// <summary>What time alone makes of it.</summary>
        public Life At(DateTimeOffset now)
        {
            var life = this;
            if (life.Status == "Scheduled" && now >= StartsAt.AddDays(-6)) life = life with { Status = "WarmUp" };
            if (life.Status is "Submitted" or "WarmUp" && now >= StartsAt + Length + TimeSpan.FromHours(24)) life = life with { Status = "Cancelled" };
            if (life.Status == "Ended") life = life with { Status = "InReview" };
            if (life.Status == "InReview" && now >= LiveEndsAt.AddDays(4)) life = life with { Status = "Closed" };
            return life;
        }

        public (Life, string?) After(string action, DateTimeOffset to, DateTimeOffset now)
        {
            var isDraft = Status is "Draft" or "Rejected";
            var isPlanned = Status is "Scheduled" or "WarmUp";
            switch (action)
            {
                case "submit" when Status == "Submitted":
                case "approve" when isPlanned:
                case "reject" when Status == "Rejected":
                case "withdraw" when Status == "Draft":
                case "go-live" when Status == "Live":
                case "end" when EndedAt is not null:
                case "close" when Status == "Closed":
                case "cancel" when Status == "Cancelled":
                    return (this, null);
                case "submit" when isDraft:
                    return StartsAt <= now ? (this, "session.starts_in_past") : (this with { Status = "Submitted" }, null);
                case "approve" when Status == "Submitted":
                    return StartsAt <= now ? (this, "session.starts_in_past") : (this with { Status = "Scheduled", IsPublished = true }, null);
                case "reject" when Status == "Submitted":
                    return (this with { Status = "Rejected" }, null);
                case "withdraw" when Status == "Submitted":
                    return (this with { Status = "Draft" }, null);
                case "reschedule" when isDraft || isPlanned:
                    if (to == StartsAt) return (this, null);
                    if (to <= now) return (this, "session.starts_in_past");
                    return (this with { StartsAt = to, Status = isDraft ? "Draft" : Status == "WarmUp" && to.AddDays(-6) > now ? "Scheduled" : Status }, null);
                case "edit" when isDraft || isPlanned:
                    return (this with { Status = isDraft ? "Draft" : Status }, null);
                case "go-live" when isPlanned:
                    return (this with { Status = "Live", WentLiveAt = now }, null);
                case "end" when Status == "Live":
                    return (this with { Status = "Ended", EndedAt = now }, null);
                case "close" when Status is "Ended" or "InReview":
                    return (this with { Status = "Closed" }, null);
                case "cancel" when isDraft || isPlanned || Status == "Submitted":
                    return (this with { Status = "Cancelled" }, null);
                default:
                    return (this, "session.illegal_transition");
            }
        }
    }
}
