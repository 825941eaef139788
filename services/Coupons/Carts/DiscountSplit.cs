namespace LiveCommerce.Coupons.Carts;

/// <summary>Splits a discount over lines in proportion to what is left on them, exact to the minor unit.</summary>
internal static class DiscountSplit
{
    private const int RankBits = 7;
    private const long RankMask = (1 << RankBits) - 1;

    /// <summary>
    /// Adds each line's share to <paramref name="takenMinor"/>. A line whose share is more than its room takes its room, and the rest goes to the
    /// others in the same proportion. What rounding down leaves over goes, one minor unit each, to the lines that lost most by it; among equals to
    /// the one whose content comes first.
    /// </summary>
    /// <param name="lines">Indexes of the lines that share.</param>
    /// <param name="discountMinor">Minor units, from 1 to the room on these lines.</param>
    public static void Share(Cart cart, ReadOnlySpan<int> lines, long discountMinor, Span<long> takenMinor)
    {
        Span<int> open = stackalloc int[lines.Length];
        lines.CopyTo(open);
        var rest = discountMinor;
        var left = LeftOn(cart, open, takenMinor);
        while (Fill(cart, ref open, ref rest, left, takenMinor)) left = LeftOn(cart, open, takenMinor);
        if (rest == 0) return;
        Span<long> lost = stackalloc long[open.Length];
        var sharedOut = 0L;
        for (var i = 0; i < open.Length; i++)
        {
            var line = open[i];
            var (share, remainder) = Part(rest, cart.AmountMinor[line] - takenMinor[line], left);
            sharedOut += share;
            takenMinor[line] += share;
            // A remainder is below 10^13: there is room for the rank beside it, and one sort of numbers does for both.
            lost[i] = (remainder << RankBits) | (RankMask - cart.RankOf(line));
        }
        rest -= sharedOut;
        lost.Sort();
        for (var i = lost.Length - 1; rest > 0; i--, rest--) takenMinor[cart.LineAt((int)(RankMask - (lost[i] & RankMask)))]++;
    }

    /// <summary>Fills and closes the lines that the proportion would fill to the brim. Their surplus may fill others: true if there were any.</summary>
    private static bool Fill(Cart cart, ref Span<int> open, ref long restMinor, long leftMinor, Span<long> takenMinor)
    {
        var (share, stillOpen) = (restMinor, 0);
        for (var i = 0; i < open.Length; i++)
        {
            var line = open[i];
            var room = cart.RoomMinor[line] - takenMinor[line];
            var left = cart.AmountMinor[line] - takenMinor[line];
            if (room < left && (Int128)share * left >= (Int128)room * leftMinor)
            {
                takenMinor[line] += room;
                restMinor -= room;
            }
            else
            {
                open[stillOpen++] = line;
            }
        }
        var filled = stillOpen < open.Length;
        open = open[..stillOpen];
        return filled;
    }

    private static long LeftOn(Cart cart, ReadOnlySpan<int> lines, ReadOnlySpan<long> takenMinor)
    {
        var left = 0L;
        foreach (var line in lines) left += cart.AmountMinor[line] - takenMinor[line];
        return left;
    }

    /// <summary>rest × left / sum, rounded down, and what rounding lost.</summary>
    private static (long Share, long Remainder) Part(long rest, long left, long sum)
    {
        const long small = int.MaxValue;
        if (rest <= small && left <= small) return Math.DivRem(rest * left, sum);
        var (share, remainder) = Int128.DivRem((Int128)rest * left, sum);
        return ((long)share, (long)remainder);
    }
}
