using LiveCommerce.Kernel;
using Sequence = (int Step, long After);

namespace LiveCommerce.Data;

/// <summary>A column in which the rows of a table bear their unit's path.</summary>
/// <param name="Table">With a column <c>Seq</c>.</param>
/// <param name="Column">Holds the path.</param>
public sealed record PathColumn(string Table, string Column)
{
    /// <summary>A condition, beginning with AND, under which a row stays as it is: where a unique index allows only one.</summary>
    public string Unless { get; init; } = "";

    /// <summary>
    /// A statement to run before each part, with <c>@From</c>, <c>@To</c>, <c>@After</c>, <c>@UpTo</c>, and in <c>@Ids</c> the paths
    /// that covered the unit and no longer do.
    /// </summary>
    public string? First { get; init; }

    internal string All => $"UPDATE {Table} SET {Column} = @To WHERE {Column} = @From {Unless}";

    internal string Part => $"{All} AND {Table}.Seq > @After AND {Table}.Seq <= @UpTo";

    internal string Last => $"SELECT MAX(Seq) FROM {Table}";
}

/// <summary>
/// Rewrites the rows of a moved unit: small tables in the transaction that hears of the move, large ones part by part after it.
/// It is done once more a while later, for what was on its way with a caller or a claim when the unit moved.
/// </summary>
public abstract class FollowMove : IDueWork
{
    private const string KindName = "follow-move";
    private const int PartSize = 5_000;

    private static readonly TimeSpan OnceMoreAfter = TimeSpan.FromMinutes(2);

    public string Kind => KindName;

    /// <summary>Rewritten at once.</summary>
    protected abstract IReadOnlyList<PathColumn> Small { get; }

    /// <summary>Rewritten part by part.</summary>
    protected abstract IReadOnlyList<PathColumn> Large { get; }

    /// <summary>All columns that are rewritten.</summary>
    public IEnumerable<PathColumn> Columns => [.. Small, .. Large];

    /// <summary>Call when a unit's new path has been stored.</summary>
    /// <param name="work">The transaction that stored it.</param>
    /// <param name="unitId">The unit.</param>
    /// <param name="left">What <see cref="MovedUnits.Note"/> returned: nothing to do if empty.</param>
    /// <param name="to">Where the unit stands.</param>
    public async Task Begin(UnitOfWork work, Guid unitId, IReadOnlyList<string> left, string to)
    {
        if (left.Count == 0) return;
        foreach (var from in left) await RewriteSmall(work, from, to);
        if (Large.Count > 0) await work.Schedule(KindName, KeyOf(unitId, (0, 0), isAgain: false), work.Now);
        await work.Schedule(KindName, KeyOf(unitId, (0, 0), isAgain: true), work.Now + OnceMoreAfter);
    }

    public async Task Carry(UnitOfWork work, string key)
    {
        var (unitId, at, isAgain) = Parse(key);
        if (await work.Scalar<string>("SELECT Path FROM Units WHERE Id = @Id", new { Id = unitId }) is not { } to) return;
        var left = await work.Query<string>("SELECT Path FROM FormerPaths WHERE UnitId = @UnitId AND Path <> @To", new { UnitId = unitId, To = to });
        if (isAgain && at == default)
            foreach (var from in left) await RewriteSmall(work, from, to);
        if (at.Step >= Large.Count) return;
        var column = Large[at.Step];
        var last = await work.Scalar<long?>(column.Last) ?? 0;
        foreach (var from in left)
        {
            var args = new { From = from, To = to, at.After, UpTo = at.After + PartSize, Ids = Sql.Json(NoLonger(from, to)) };
            if (column.First is { } first) await work.Execute(first, args);
            await work.Execute(column.Part, args);
        }
        var next = at.After + PartSize < last ? (at.Step, at.After + PartSize) : (at.Step + 1, 0L);
        if (next.Item1 < Large.Count) await work.Schedule(KindName, KeyOf(unitId, next, isAgain), work.Now);
    }

    /// <summary>Rewrites what is rewritten at once; more than columns, if need be.</summary>
    protected virtual async Task RewriteSmall(UnitOfWork work, string from, string to)
    {
        foreach (var column in Small) await work.Execute(column.All, new { From = from, To = to });
    }

    private static IEnumerable<string> NoLonger(string from, string to) =>
        UnitPath.SelfAndAncestors(from).Where(p => !UnitPath.Covers(p, to));

    private static string KeyOf(Guid unitId, Sequence at, bool isAgain) => $"{unitId:D} {at.Step} {at.After} {(isAgain ? "again" : "first")}";

    private static (Guid UnitId, Sequence At, bool IsAgain) Parse(string key)
    {
        var parts = key.Split(' ');
        return (Guid.ParseExact(parts[0], "D"), (int.Parse(parts[1]), long.Parse(parts[2])), parts[3] == "again");
    }
}
