using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Members;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Units;

/// <summary>A new tenant: its headquarters and the first administrator.</summary>
internal static class OpenHeadquarters
{
    /// <param name="Code">Unique in the deployment; first step of every path below.</param>
    /// <param name="Name">For people.</param>
    /// <param name="TimeZone">IANA name.</param>
    /// <param name="Currency">ISO 4217; holds for the whole tree.</param>
    /// <param name="Admin">Signs in first and invites the rest.</param>
    internal sealed record Request(string Code, string Name, string TimeZone, string Currency, NewAdmin Admin) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Code(Code, "/code").Text(Name, "/name").Currency(Currency, "/currency");
            UnitFaults.TimeZone(faults, TimeZone);
            MemberFaults.SignIn(faults, Admin.SignInName, Admin.Password, "/admin");
            faults.Text(Admin.DisplayName, "/admin/displayName");
        }
    }

    internal sealed record NewAdmin(string SignInName, string DisplayName, [property: Secret] string Password);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/headquarters", async (Body<Request> body, Caller caller, OpenHeadquartersHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(OpenHeadquarters), "Opens a headquarters with its first administrator.")
        .Allow(Permission.OpenHeadquarters)
        .Example(new Request("aurora", "Aurora Fashion Group", "Asia/Shanghai", "CNY", new NewAdmin("admin@aurora", "Aurora Admin", "a-long-enough-secret")))
        .Gives<UnitView>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.CodeTaken, MemberRejections.NameTaken);
}

internal sealed class OpenHeadquartersHandler(OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher)
{
    public Task<Result<UnitView>> Handle(Caller caller, OpenHeadquarters.Request body, CancellationToken ct)
    {
        var unit = new UnitRow
        {
            Id = clock.NewId(),
            Version = 1,
            Path = UnitPath.Child(UnitPath.Root, body.Code),
            Code = body.Code,
            Name = body.Name,
            Kind = UnitKind.Headquarters,
            TimeZone = body.TimeZone,
            Currency = body.Currency,
            IsActive = true,
        };
        // Hashing is slow on purpose; it must not hold up the writers behind this one.
        var admin = MemberRow.Create(clock, unit, body.Admin.SignInName, body.Admin.DisplayName, [Role.Admin], body.Admin.Password, hasher);
        return db.InTransaction<UnitView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.ByPath, new { unit.Path }) is not null)
                return UnitRejections.CodeTaken.Because($"There is a headquarters {body.Code}.");
            if (await work.Find<MemberRow>(MemberSql.BySignInName, new { admin.SignInName }) is not null)
                return MemberRejections.NameTaken.Because($"Somebody signs in as {admin.SignInName}.");
            if (await UnitTree.Settle(work, [unit]) is { } taken) return taken;
            await work.Execute(UnitSql.Insert, unit.ToParameters());
            await work.Execute(MemberSql.Insert, admin);
            work.Publish(unit.ToEvent([]));
            work.Publish(admin.ToEvent());
            return unit.ToView();
        }, ct);
    }
}

internal static class UnitFaults
{
    public static void TimeZone(Faults faults, string? zone) => faults.Check(
        IsZoneName(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone!, out _),
        "/timeZone", "time_zone.unknown", "Must be an IANA time zone such as Asia/Shanghai.");

    public static Rejection NotReseller()
    {
        var faults = new Faults();
        faults.Add("/resellerKind", "unit.reseller_kind", "The unit is no reseller.");
        return faults.ToRejection();
    }

    // The system looks zones up as files, so nothing that could be a path of another kind may get there.
    private static bool IsZoneName(string? zone) =>
        zone is { Length: >= 3 and <= 64 } && zone.Contains('/') && char.IsAsciiLetter(zone[0]) &&
        zone.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
}
