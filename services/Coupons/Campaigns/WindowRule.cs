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

/// <summary>One end of a window: either an instant, or a phase of the campaign's session.</summary>
/// <param name="At">The instant itself.</param>
/// <param name="Phase">Or the phase it moves with.</param>
/// <param name="OffsetMinutes">With a phase: minutes after it, −43,200 to 43,200 (30 days).</param>
internal sealed record WindowBoundary(DateTimeOffset? At = null, SessionPhase? Phase = null, int? OffsetMinutes = null)
{
    public const int LongestOffset = 43_200;

    [JsonIgnore]
    public bool IsRelative => Phase.HasValue;

    public void Validate(Faults faults, string pointer, bool hasSession)
    {
        faults.Check(At.HasValue != Phase.HasValue, pointer, "window.boundary_unclear", "Give either at or phase.")
            .Check(Phase is null || hasSession, $"{pointer}/phase", "window.needs_session", "A phase needs the campaign's sessionId.")
            .Check(OffsetMinutes is null || Phase.HasValue, $"{pointer}/offsetMinutes", "window.offset_without_phase", "An offset counts from a phase.")
            .Range(OffsetMinutes ?? 0, -LongestOffset, LongestOffset, $"{pointer}/offsetMinutes");
        if (Phase is { } phase) faults.Known(phase, $"{pointer}/phase");
    }

    public DateTimeOffset Resolve(BoundSession? session, DateTimeOffset now)
    {
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

/// <summary>When something may be done: <c>[opens, closes)</c>, each end absolute or moving with the session.</summary>
internal sealed record WindowRule(WindowBoundary Opens, WindowBoundary Closes)
{
    [JsonIgnore]
    public bool IsRelative => Opens.IsRelative || Closes.IsRelative;

    public void Validate(Faults faults, string pointer, bool hasSession)
    {
        Opens.Validate(faults, $"{pointer}/opens", hasSession);
        Closes.Validate(faults, $"{pointer}/closes", hasSession);
        if (!IsRelative && Opens.At is { } from && Closes.At is { } to) faults.Order(from, to, pointer);
    }

    public ResolvedWindow Resolve(BoundSession? session, DateTimeOffset now)
    {
        var window = new Window(Opens.Resolve(session, now), Closes.Resolve(session, now));
        var isCancelled = IsRelative && session!.Status == SessionStatus.Cancelled;
        return new ResolvedWindow(window, isCancelled || now >= window.ClosesAt
            ? WindowState.Over
            : now < window.OpensAt ? WindowState.NotStarted : WindowState.Open);
    }
}

/// <summary>The session a campaign hangs on, as far as windows need it.</summary>
internal sealed record BoundSession(long Version, SessionStatus Status, string OwnerPath, SessionPhases Phases);

[JsonConverter(typeof(JsonStringEnumConverter<WindowState>))]
internal enum WindowState
{
    NotStarted,
    Open,

    /// <summary>Closed, or its session was cancelled.</summary>
    Over,
}

/// <summary>A window in instants, judged at one of them.</summary>
internal readonly record struct ResolvedWindow(Window Window, WindowState State);
