using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Puts a session into the plan and books what it needs.</summary>
internal static class ScheduleSession
{
    internal sealed record Request : SessionEntry
    {
        /// <summary>Goes with the owner's kind.</summary>
        public required SessionTier Tier { get; init; }

        /// <summary>The caller's unit or one below it.</summary>
        public required Guid OwnerUnitId { get; init; }

        /// <summary>Resellers only; any mandate that covers the session unless given.</summary>
        public Guid? MandateId { get; init; }

        /// <summary>Draft, to be submitted later; it books nothing until then.</summary>
        public SessionStatus? Status { get; init; }

        public override void Validate(Faults faults)
        {
            base.Validate(faults);
            faults.Known(Tier, "/tier")
                .Check(Status is null or SessionStatus.Draft, "/status", "value.unknown", "Must be Draft, or be left out.")
                .Check(MandateId is null || Tier == SessionTier.ResellerBroadcast, "/mandateId", "mandate.not_needed", "Only reseller broadcasts are under a mandate.")
                .Check(CoversUnitIds is not { Count: > 0 } || Tier == SessionTier.GroupBroadcast, "/coversUnitIds", "session.covers_nothing", "Only group broadcasts keep their time free of others.");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions", async (Body<Request> body, Caller caller, ScheduleSessionHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(ScheduleSession), "Plans a session and books its host, co-hosts, room and channels: Scheduled at once if it needs no approval or the caller's unit could give it, else Submitted.",
            "Refused with session.conflict if any of them is in another session at that time, with session.blocked if the time is kept for a group broadcast: " +
            "conflicts and blocks name everything in the way, freeSlots the nearest times that are free. With displace, planned sessions of lower tiers make way.")
        .Allow(Permission.ManagePlan)
        .Example(new Request
        {
            Title = "Autumn premiere",
            Tier = SessionTier.GroupBroadcast,
            OwnerUnitId = Guid.Empty,
            BrandIds = [Guid.Empty],
            ChannelIds = [Guid.Empty],
            HostId = Guid.Empty,
            RoomId = Guid.Empty,
            StartsAt = new DateTimeOffset(2026, 11, 11, 12, 0, 0, TimeSpan.Zero),
            EndsAt = new DateTimeOffset(2026, 11, 11, 15, 0, 0, TimeSpan.Zero),
            Goals = new GoalsEntry(200_000, 0.03m, 39_900),
        })
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
                Displacer = body.Displace ? caller : null,
                Status = body.Status ?? (SessionApproval.IsGivenBy(caller, body.Tier, owner.Path) ? SessionStatus.Scheduled : SessionStatus.Submitted),
            });
            return created.Map(s => s.ToView());
        }, ct);
}
