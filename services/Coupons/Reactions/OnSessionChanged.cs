using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps each session's status and phases: windows that hang on it are worked out from there whenever they are asked for.</summary>
internal sealed class OnSessionChanged(CouponsDb db, BusOptions bus) : SessionReaction(db, bus)
{
    protected override Task Keep(SessionState session, UnitOfWork work) => SessionSql.Replica.Keep(work, new
    {
        Id = session.SessionId,
        session.Version,
        Status = session.Status.ToString(),
        session.OwnerPath,
        Phases = Sql.Json(session.Phases),
    });
}

internal sealed record SessionRow
{
    public long Version { get; init; }

    public SessionStatus Status { get; init; }

    public string OwnerPath { get; init; } = "";

    public string Phases { get; init; } = "";

    public BoundSession Parse() => new(Version, Status, OwnerPath, Sql.FromJson<SessionPhases>(Phases));
}

internal static class SessionSql
{
    internal const string ById = "SELECT Version, Status, OwnerPath, Phases FROM Sessions WHERE Id = @Id";
    internal const string Owners = $"SELECT Id, OwnerPath FROM Sessions WHERE Id IN {Sql.Ids}";

    internal static readonly Replica Replica = new("Sessions", ["Status", "OwnerPath", "Phases"], ofUnit: "OwnerPath");
}
