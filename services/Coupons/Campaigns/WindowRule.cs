using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Instants of a session a window can hang on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SessionPhase>))]
internal enum SessionPhase
{
    PreparationStart,
    WarmUpStart,
    ReservoirStart,
    LiveStart,
    LiveEnd,
    ReviewEnd,
}

/// <summary>One end of a window: an instant, or a phase of the campaign's session, or a time after each coupon's own claim.</summary>
/// <param name="At">The instant itself.</param>
/// <param name="Phase">Or the phase it moves with.</param>
/// <param name="OffsetMinutes">With a phase: minutes after it, −43,200 to 43,200 (30 days).</param>
/// <param name="AfterClaimMinutes">Or minutes after the claim, 0 to 527,040 (366 days); redemption windows only.</param>
internal sealed record WindowBoundary(DateTimeOffset? At = null, SessionPhase? Phase = null, int? OffsetMinutes = null, int? AfterClaimMinutes = null)
{
    public const int LongestOffset = 43_200;
    public const int LongestAfterClaim = 527_040;

    [JsonIgnore]
    public bool IsRelative => Phase.HasValue;

    [JsonIgnore]
    public bool IsPerClaim => AfterClaimMinutes.HasValue;

    public void Validate(Faults faults, string pointer, bool hasSession)
    {
        var given = (At.HasValue ? 1 : 0) + (Phase.HasValue ? 1 : 0) + (AfterClaimMinutes.HasValue ? 1 : 0);
        faults.Check(given == 1, pointer, "window.boundary_unclear", "Give exactly one of at, phase and afterClaimMinutes.")
            .Check(Phase is null || hasSession, $"{pointer}/phase", "window.needs_session", "A phase needs the campaign's sessionId.")
            .Check(OffsetMinutes is null || Phase.HasValue, $"{pointer}/offsetMinutes", "window.offset_without_phase", "An offset counts from a phase.")
            .Range(OffsetMinutes ?? 0, -LongestOffset, LongestOffset, $"{pointer}/offsetMinutes")
            .Range(AfterClaimMinutes ?? 0, 0, LongestAfterClaim, $"{pointer}/afterClaimMinutes");
        if (Phase is { } phase) faults.Known(phase, $"{pointer}/phase");
    }

    /// <summary>A phase of no length is one the session does not have.</summary>
    public void CheckPhase(SessionPhases phases, Faults faults, string pointer)
    {
        var isThere = Phase switch
        {
            SessionPhase.PreparationStart => phases.PreparationStartsAt < phases.LiveStartsAt,
            SessionPhase.WarmUpStart => phases.WarmUpStartsAt < phases.LiveStartsAt,
            SessionPhase.ReservoirStart => phases.ReservoirStartsAt < phases.LiveStartsAt,
            SessionPhase.ReviewEnd => phases.ReviewEndsAt > phases.LiveEndsAt,
            _ => true,
        };
        faults.Check(isThere, $"{pointer}/phase", "window.phase_missing", $"The session has no {Phase}: that phase has no length.");
    }

    public DateTimeOffset Resolve(BoundSession? session, DateTimeOffset now, DateTimeOffset claimedAt)
    {
        if (AfterClaimMinutes is { } minutes) return claimedAt.AddMinutes(minutes);
        if (Phase is not { } phase) return At!.Value;
        var phases = session!.Phases;
        var start = phase switch
        {
            SessionPhase.PreparationStart => phases.PreparationStartsAt,
            SessionPhase.WarmUpStart => phases.WarmUpStartsAt,
            SessionPhase.ReservoirStart => phases.ReservoirStartsAt,
            SessionPhase.LiveStart => phases.LiveStartsAt,
            SessionPhase.LiveEnd => phases.LiveEndsAt,
            SessionPhase.ReviewEnd => phases.ReviewEndsAt,
            _ => throw new InvalidOperationException($"No instant for {phase}."),
        };
        // On the air past its plan: nobody knows the end yet, only that it has not come.
        if (session.Status == SessionStatus.Live && phase is SessionPhase.LiveEnd or SessionPhase.ReviewEnd && start <= now)
            start = now.AddMicroseconds(1);
        return start.AddMinutes(OffsetMinutes ?? 0);
    }
}

/// <summary>When something may be done: <c>[opens, closes)</c>, each end absolute, moving with the session, or counted from the claim.</summary>
internal sealed record WindowRule(WindowBoundary Opens, WindowBoundary Closes)
{
    [JsonIgnore]
    public bool IsRelative => Opens.IsRelative || Closes.IsRelative;

    [JsonIgnore]
    public bool IsPerClaim => Opens.IsPerClaim || Closes.IsPerClaim;

    public void Validate(Faults faults, string pointer, bool hasSession)
    {
        Opens.Validate(faults, $"{pointer}/opens", hasSession);
        Closes.Validate(faults, $"{pointer}/closes", hasSession);
        if (Opens.At is { } from && Closes.At is { } to) faults.Order(from, to, pointer);
        if (Opens.AfterClaimMinutes is { } first && Closes.AfterClaimMinutes is { } last)
            faults.Check(first < last, pointer, "window.ends_before_start", "Must end after it starts.");
    }

    public void RefusePerClaim(Faults faults, string pointer) =>
        faults.Check(!IsPerClaim, pointer, "window.claim_relative_to_claim", "A claim window cannot hang on the claim.");

    public void CheckPhases(SessionPhases phases, Faults faults, string pointer)
    {
        Opens.CheckPhase(phases, faults, $"{pointer}/opens");
        Closes.CheckPhase(phases, faults, $"{pointer}/closes");
    }

    public ResolvedWindow Resolve(BoundSession? session, DateTimeOffset now, DateTimeOffset claimedAt)
    {
        var window = new Window(Opens.Resolve(session, now, claimedAt), Closes.Resolve(session, now, claimedAt));
        return new ResolvedWindow(window, IsRelative ? StateWith(session!.Status, window, now) : StateAt(window, now));
    }

    /// <summary>A session that has lost its slot has not got its times yet; only an end that does not hang on them can pass.</summary>
    private WindowState StateWith(SessionStatus session, Window window, DateTimeOffset now) => session switch
    {
        SessionStatus.Cancelled => WindowState.Over,
        SessionStatus.Displaced => !Closes.IsRelative && now >= window.ClosesAt ? WindowState.Over : WindowState.NotStarted,
        SessionStatus.Scheduled or SessionStatus.WarmUp or SessionStatus.Live or SessionStatus.Ended or SessionStatus.InReview or SessionStatus.Closed => StateAt(window, now),
        _ => throw new InvalidOperationException($"Nobody hears of a session that is {session}."),
    };

    private static WindowState StateAt(Window window, DateTimeOffset now) => now >= window.ClosesAt || window.OpensAt >= window.ClosesAt
        ? WindowState.Over
        : now < window.OpensAt ? WindowState.NotStarted : WindowState.Open;
}

/// <summary>The session a campaign hangs on, as far as windows need it.</summary>
internal sealed record BoundSession(long Version, SessionStatus Status, string OwnerPath, SessionPhases Phases);

[JsonConverter(typeof(JsonStringEnumConverter<WindowState>))]
internal enum WindowState
{
    NotStarted,
    Open,

    /// <summary>Closed, or its session was cancelled, or it closes before it opens.</summary>
    Over,
}

/// <summary>A window in instants, judged at one of them.</summary>
internal readonly record struct ResolvedWindow(Window Window, WindowState State);
