using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Carts;

/// <summary>One line of a cart, as the shop tells it.</summary>
/// <param name="ProductCode">The catalogue's code, 1 to 64 characters.</param>
/// <param name="Quantity">1 to 1,000 pieces.</param>
/// <param name="UnitPriceMinor">Minor units a piece, from 0, before coupons.</param>
internal sealed record CartLine(string ProductCode, int Quantity, long UnitPriceMinor)
{
    public const int MostLines = 100;
    private const int LongestCode = 64;
    private const int MostPieces = 1_000;

    private bool IsSound => Faults.IsText(ProductCode, LongestCode) && Quantity is >= 1 and <= MostPieces && UnitPriceMinor is >= 0 and <= Money.MaxMinor;

    /// <summary>Minor units of all lines; they must be without faults.</summary>
    public static long SumMinor(IReadOnlyList<CartLine> lines)
    {
        var sum = 0L;
        foreach (var line in lines) sum += line.Quantity * line.UnitPriceMinor;
        return sum;
    }

    /// <summary>1 to 100 lines, each in range, together no more than an amount of money can be.</summary>
    public static void Validate(IReadOnlyList<CartLine> lines, Faults faults, string pointer)
    {
        var before = faults.Count;
        faults.Size(lines, 1, MostLines, pointer);
        for (var i = 0; i < Math.Min(lines.Count, MostLines); i++)
        {
            if (lines[i].IsSound) continue;
            faults.Text(lines[i].ProductCode, $"{pointer}/{i}/productCode", LongestCode)
                .Range(lines[i].Quantity, 1, MostPieces, $"{pointer}/{i}/quantity")
                .AmountMinor(lines[i].UnitPriceMinor, $"{pointer}/{i}/unitPriceMinor");
        }
        if (faults.Count == before)
            faults.Check(SumMinor(lines) <= Money.MaxMinor, pointer, "money.out_of_range", $"All lines together must not be above {Money.MaxMinor} minor units.");
    }
}

/// <summary>A line with what the catalogue knows of its product.</summary>
/// <param name="AmountMinor">Minor units of all pieces, before coupons.</param>
/// <param name="FloorMinor">Minor units no coupon may bring the line below; 0 without a floor.</param>
internal sealed record PricedLine(string ProductCode, long AmountMinor, long FloorMinor, Guid? BrandId, string? Category)
{
    /// <param name="line">Without faults.</param>
    /// <param name="floorPriceMinor">Minor units a piece. Null: no floor.</param>
    public static PricedLine Of(CartLine line, Guid? brandId = null, string? category = null, long? floorPriceMinor = null) =>
        new(line.ProductCode, line.Quantity * line.UnitPriceMinor, line.Quantity * (floorPriceMinor ?? 0), brandId, category);
}

/// <summary>An order before it is one: lines, and where they were sold to whom.</summary>
internal sealed class Cart
{
    private readonly int[] _rankOfLine;
    private readonly int[] _lineAtRank;

    /// <param name="lines">1 to 100.</param>
    /// <param name="segments">Null: the shop does not say, and no coupon asks.</param>
    public Cart(IReadOnlyList<PricedLine> lines, Guid? sessionId = null, Guid? channelId = null, IReadOnlyList<string>? segments = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lines.Count, CartLine.MostLines);
        (Lines, SessionId, ChannelId, Segments) = (lines, sessionId, channelId, segments);
        EveryLine = new int[lines.Count];
        AmountMinor = new long[lines.Count];
        RoomMinor = new long[lines.Count];
        _rankOfLine = new int[lines.Count];
        _lineAtRank = new int[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            EveryLine[i] = _lineAtRank[i] = i;
            AmountMinor[i] = lines[i].AmountMinor;
            RoomMinor[i] = Math.Max(0, lines[i].AmountMinor - lines[i].FloorMinor);
        }
        Array.Sort(_lineAtRank, ByContent);
        for (var rank = 0; rank < lines.Count; rank++) _rankOfLine[_lineAtRank[rank]] = rank;
    }

    public IReadOnlyList<PricedLine> Lines { get; }

    public Guid? SessionId { get; }

    public Guid? ChannelId { get; }

    public IReadOnlyList<string>? Segments { get; }

    /// <summary>0, 1, 2, … one for each line.</summary>
    public int[] EveryLine { get; }

    /// <summary>Minor units of each line before coupons.</summary>
    public long[] AmountMinor { get; }

    /// <summary>Minor units all coupons together can take off each line: down to its floor, or nothing if it is below that by itself.</summary>
    public long[] RoomMinor { get; }

    /// <summary>A place among the lines that their content decides, so that a cart said in another order is split alike.</summary>
    public int RankOf(int line) => _rankOfLine[line];

    public int LineAt(int rank) => _lineAtRank[rank];

    private int ByContent(int a, int b)
    {
        var (one, other) = (Lines[a], Lines[b]);
        var byCode = string.CompareOrdinal(one.ProductCode, other.ProductCode);
        if (byCode != 0) return byCode;
        var byAmount = one.AmountMinor.CompareTo(other.AmountMinor);
        if (byAmount != 0) return byAmount;
        var byFloor = one.FloorMinor.CompareTo(other.FloorMinor);
        return byFloor != 0 ? byFloor : a.CompareTo(b);
    }
}
