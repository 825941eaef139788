using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Plans;

/// <summary>A good line of a plan's file.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="SessionId">The session it is about; null for a new one.</param>
/// <param name="Owner">Within the caller's reach.</param>
/// <param name="Tier">As written.</param>
/// <param name="Plan">Validated; without goals and phases.</param>
internal sealed record PlanLine(int Line, Guid? SessionId, UnitRow Owner, SessionTier Tier, SessionPlan Plan);

/// <summary>Reads the lines of a plan's file.</summary>
/// <param name="lookup">What its words stand for.</param>
/// <param name="faults">By line.</param>
internal sealed class PlanFile(PlanLookup lookup, Faults faults)
{
    internal const int MostLines = 1_000;

    internal static readonly string[] Columns =
        ["id", "title", "theme", "tier", "owner", "brands", "host", "coHosts", "room", "channels", "startsLocal", "endsLocal", "timeZone", "status"];

    internal static readonly string[] Needed = ["title", "tier", "owner", "brands", "host", "room", "channels", "startsLocal", "endsLocal"];

    public PlanLine? Read(CsvRecord record)
    {
        var before = faults.Count;
        void Fault(string code, string detail) => faults.Add($"line {record.Line}", code, detail);
        Guid? sessionId = null;
        if (record["id"].Length > 0)
        {
            if (Guid.TryParse(record["id"], out var id)) sessionId = id;
            else Fault("csv.id_invalid", "id must be a session's, or empty for a new one.");
        }
        var tierName = Enum.GetNames<SessionTier>().FirstOrDefault(t => t.Equals(record["tier"], StringComparison.OrdinalIgnoreCase));
        if (tierName is null) Fault("value.unknown", $"tier must be one of {string.Join(", ", Enum.GetNames<SessionTier>())}.");
        if (!lookup.Units.TryGetValue(record["owner"], out var owner))
        {
            Fault("unit.not_found", "owner must be the path of a unit within reach, such as /aurora/north/.");
            return null;
        }
        var zone = WallClock.Zone(record["timeZone"].Length > 0 ? record["timeZone"] : owner.TimeZone);
        if (zone is null) Fault("time_zone.unknown", "timeZone must be an IANA name such as Asia/Shanghai.");
        var plan = new SessionPlan
        {
            Title = record["title"],
            Theme = record["theme"].Length > 0 ? record["theme"] : null,
            BrandIds = Brands(record["brands"], Fault),
            ChannelIds = Resources(ResourceKind.Channel, record["channels"], owner, Fault),
            HostId = One(ResourceKind.Host, "host", record["host"], owner, Fault),
            CoHostIds = Resources(ResourceKind.Host, record["coHosts"], owner, Fault),
            RoomId = One(ResourceKind.Room, "room", record["room"], owner, Fault),
            StartsAt = Time("startsLocal"),
            EndsAt = Time("endsLocal"),
            Goals = null,
            Phases = null,
        };
        if (faults.Count > before) return null;
        var wrong = new Faults();
        plan.Validate(wrong);
        foreach (var fault in wrong.List) Fault(fault.Code, $"{fault.Pointer[1..]}: {fault.Detail}");
        return faults.Count > before ? null : new PlanLine(record.Line, sessionId, owner, Enum.Parse<SessionTier>(tierName!), plan);

        DateTimeOffset Time(string column)
        {
            if (WallClock.TryParse(record[column].Replace(' ', 'T'), out var local)) return zone is null ? default : WallClock.ToInstant(local, zone);
            if (ApiJson.TryParse(record[column], out var at)) return at;
            Fault("time.local_invalid", $"{column} must be a time on the wall's clock such as 2026-11-11T20:00.");
            return default;
        }
    }

    private List<Guid> Brands(string words, Action<string, string> fault)
    {
        var ids = new List<Guid>();
        foreach (var code in Split(words))
        {
            if (lookup.Brand(code) is { } id) ids.Add(id);
            else fault("csv.brand_unknown", $"No brand {code}.");
        }
        return ids;
    }

    private List<Guid> Resources(ResourceKind kind, string words, UnitRow owner, Action<string, string> fault) =>
        [.. Split(words).Select(word => lookup.Resource(kind, word, owner.Path, fault)).OfType<Guid>()];

    private Guid One(ResourceKind kind, string column, string word, UnitRow owner, Action<string, string> fault)
    {
        if (word.Length > 0) return lookup.Resource(kind, word, owner.Path, fault) ?? default;
        fault("csv.resource_unknown", $"{column} is empty.");
        return default;
    }

    private static string[] Split(string words) => words.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
