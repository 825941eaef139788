using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Puts a session into the plan and books what it needs.</summary>
internal static class ScheduleSession
{
    /// <param name="Title">1 to 200 characters.</param>
    /// <param name="Tier">Goes with the owner's kind.</param>
    /// <param name="OwnerUnitId">The caller's unit or one below it.</param>
    /// <param name="BrandIds">1 to 50 brands of the headquarters.</param>
    /// <param name="ChannelIds">1 to 10.</param>
    /// <param name="HostId">A host of a unit above or below the owner, or of the owner.</param>
    /// <param name="RoomId">A room of a unit above or below the owner, or of the owner.</param>
    /// <param name="StartsAt">In the future, at most 400 days ahead.</param>
    /// <param name="EndsAt">Exclusive; 30 minutes to 24 hours after the start.</param>
    /// <param name="Theme">1 to 200 characters.</param>
    /// <param name="CoHostIds">At most 10.</param>
    /// <param name="Goals">Three, of which the fourth follows, or four that agree.</param>
    /// <param name="Phases">How long the phases are; defaults for what is not given.</param>
    /// <param name="MandateId">Resellers only; any mandate that covers the session unless given.</param>
    internal sealed record Request(
        string Title,
        SessionTier Tier,
        Guid OwnerUnitId,
        IReadOnlyList<Guid> BrandIds,
        IReadOnlyList<Guid> ChannelIds,
        Guid HostId,
        Guid RoomId,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        string? Theme = null,
        IReadOnlyList<Guid>? CoHostIds = null,
        GoalsEntry? Goals = null,
        PhaseDays? Phases = null,
        Guid? MandateId = null) : IValidated
    {
        public SessionPlan ToPlan() => new()
        {
            Title = Title,
            Theme = Theme,
            BrandIds = BrandIds,
            ChannelIds = ChannelIds,
            HostId = HostId,
            CoHostIds = CoHostIds ?? [],
            RoomId = RoomId,
            StartsAt = StartsAt,
            EndsAt = EndsAt,
            Goals = Goals,
            Phases = Phases,
        };

        public void Validate(Faults faults)
        {
            ToPlan().Validate(faults);
            faults.Known(Tier, "/tier").Check(
                MandateId is null || Tier == SessionTier.ResellerBroadcast, "/mandateId", "mandate.not_needed", "Only reseller broadcasts are under a mandate.");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions", async (Body<Request> body, Caller caller, ScheduleSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(ScheduleSession), "Puts a session into the plan and books its host, co-hosts, room and channels.",
            "Refused with session.conflict if any of them is in another session at that time; its member conflicts names every collision.")
        .Allow(Permission.ManagePlan)
        .Example(new Request(
            "Autumn premiere", SessionTier.GroupBroadcast, Guid.Empty, [Guid.Empty], [Guid.Empty], Guid.Empty, Guid.Empty,
            new DateTimeOffset(2026, 11, 11, 12, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 11, 15, 0, 0, TimeSpan.Zero),
            Goals: new GoalsEntry(200_000, 0.03m, 39_900)))
        .Gives<SessionView>(StatusCodes.Status201Created)
        .Rejects([UnitRejections.NotFound, .. SessionPlanning.Rejections]);
}

internal sealed class ScheduleSessionHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<SessionView>> Handle(Caller caller, ScheduleSession.Request body, CancellationToken ct) =>
        db.InTransaction<SessionView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = body.OwnerUnitId, caller.Scope, caller.ScopeEnd }) is not { } owner)
                return UnitRejections.Unknown(body.OwnerUnitId);
            var created = await SessionPlanning.Create(work, new NewSession
            {
                Id = clock.NewId(),
                Tier = body.Tier,
                Owner = owner,
                Plan = body.ToPlan(),
                MandateId = body.MandateId,
            });
            return created.Map(s => s.ToView());
        }, ct);
}
