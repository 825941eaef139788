using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Messaging;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps each session's status and phases: windows that hang on it are worked out from there whenever they are asked for.</summary>
internal sealed class OnSessionChanged(CouponsDb db, BusOptions bus) : SessionReaction(db, bus)
{
    protected override async Task Keep(SessionState session, UnitOfWork work)
    {
        if (await work.Scalar<long?>(SessionSql.Version, new { Id = session.SessionId }) >= session.Version) return;
        await work.Upsert(SessionSql.Update, SessionSql.Insert, new
        {
            Id = session.SessionId,
            session.Version,
            Status = session.Status.ToString(),
            OwnerPath = await MovedUnits.Now(work, session.OwnerPath),
            Phases = Sql.Json(session.Phases),
        });
    }
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
    internal const string Version = "SELECT Version FROM Sessions WHERE Id = @Id";

    internal const string Update =
        "UPDATE Sessions SET Version = @Version, Status = @Status, OwnerPath = @OwnerPath, Phases = @Phases WHERE Id = @Id AND Version < @Version";

    internal const string Insert =
        "INSERT INTO Sessions (Id, Version, Status, OwnerPath, Phases) VALUES (@Id, @Version, @Status, @OwnerPath, @Phases)";
}
