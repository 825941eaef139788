using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>What the codes of a batch of claims draw on, and which of them are no longer good.</summary>
internal sealed class CodesAsked
{
    private static readonly CodesAsked None = new();

    private readonly Dictionary<long, QuotaNode> _nodes = [];
    private readonly HashSet<long> _closed = [];
    private readonly HashSet<(long NodeSeq, long Serial)> _used = [];

    /// <summary>Three statements, if there are any codes.</summary>
    public static async Task<CodesAsked> Read(UnitOfWork work, IReadOnlyList<ClaimAsk> asks)
    {
        var codes = asks.Where(a => a.Code is not null).Select(a => new { a.Code!.NodeSeq, a.Code.Serial }).ToList();
        if (codes.Count == 0) return None;
        var asked = new CodesAsked();
        var nodes = new { Ids = Sql.Json(codes.Select(c => c.NodeSeq).Distinct().Order()) };
        foreach (var node in await work.Query<QuotaNode>(QuotaSql.HoldSeveral, nodes)) asked._nodes[node.Seq] = node;
        asked._closed.UnionWith(await work.Query<long>(CodeBatchSql.ClosedOf, nodes));
        foreach (var used in await work.Query<UsedRow>(CodeBatchSql.Claimed, new { Rows = Sql.Json(codes) })) asked._used.Add((used.NodeSeq, used.Serial));
        return asked;
    }

    public QuotaNode NodeOf(PrintedCode code) => _nodes[code.NodeSeq];

    public Rejection? Refusal(PrintedCode? code)
    {
        if (code is null) return null;
        if (_used.Contains((code.NodeSeq, code.Serial))) return CodeRejections.AlreadyClaimed.Because("A coupon was claimed with it before.");
        return _closed.Contains(code.NodeSeq) ? CodeRejections.Closed.Because("Its batch was closed.") : null;
    }

    public void Use(long nodeSeq, long serial) => _used.Add((nodeSeq, serial));

    private sealed class UsedRow
    {
        public long NodeSeq { get; init; }

        public long Serial { get; init; }
    }
}
