using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Hosting;

/// <summary>
/// Keeps what a service has to know of members and units to judge tokens: its <see cref="AccessDirectory"/>. Every service
/// derives its <c>OnAccessChanged</c> from it, which gives it a queue of its own.
/// </summary>
public abstract class AccessReaction(ServiceDb db, BusOptions bus, AccessDirectories directories) : Reaction(db, bus), IConsumer<MemberChanged>, IConsumer<UnitChanged>
{
    private readonly AccessDirectory _directory = directories.Of(db.Service);

    public async Task Consume(ConsumeContext<MemberChanged> context)
    {
        await React(context, static (member, work) => Keep(work, AccessSql.Member, new { Id = member.MemberId, member.Version, member.IsSuspended, member.TokensFrom, work.Now }));
        _directory.Expire();
    }

    public async Task Consume(ConsumeContext<UnitChanged> context)
    {
        await React(context, static (unit, work) => Keep(work, AccessSql.Unit, new { Id = unit.UnitId, unit.Version, unit.Path, unit.IsActive, work.Now }));
        _directory.Expire();
    }

    // An update that finds an equal or newer version changes nothing, and so does the insert that follows it.
    private static Task Keep(UnitOfWork work, (string Update, string Insert) sql, object state) => work.Upsert(sql.Update, sql.Insert, state);
}

internal static class AccessSql
{
    internal static readonly (string Update, string Insert) Member = (
        "UPDATE AccessMembers SET Version = @Version, IsSuspended = @IsSuspended, TokensFrom = @TokensFrom, ChangedAt = @Now WHERE MemberId = @Id AND Version < @Version",
        "INSERT INTO AccessMembers (MemberId, Version, IsSuspended, TokensFrom, ChangedAt) " +
        "SELECT @Id, @Version, @IsSuspended, @TokensFrom, @Now WHERE NOT EXISTS (SELECT 1 FROM AccessMembers WHERE MemberId = @Id)");

    internal static readonly (string Update, string Insert) Unit = (
        "UPDATE AccessUnits SET Version = @Version, Path = @Path, IsActive = @IsActive, ChangedAt = @Now WHERE UnitId = @Id AND Version < @Version",
        "INSERT INTO AccessUnits (UnitId, Version, Path, IsActive, ChangedAt) " +
        "SELECT @Id, @Version, @Path, @IsActive, @Now WHERE NOT EXISTS (SELECT 1 FROM AccessUnits WHERE UnitId = @Id)");

    internal const string MembersSince = "SELECT MemberId, IsSuspended, TokensFrom FROM AccessMembers WHERE ChangedAt >= @Since";
    internal const string UnitsSince = "SELECT UnitId, Path, IsActive FROM AccessUnits WHERE ChangedAt >= @Since";
}
