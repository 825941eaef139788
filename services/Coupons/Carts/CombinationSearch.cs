namespace LiveCommerce.Coupons.Carts;

/// <summary>
/// Depth-first through the combinations, most promising first, in the order of application so that combinations with the same beginning share it.
/// </summary>
/// <remarks>
/// A coupon gives no more after others than before them (<see cref="LaidCoupon.DiscountMinor"/>). So whatever is still added to a combination
/// gives at most the sum of what each addition would give now; and together they take no more money than there is room for on the lines. A branch
/// whose hope, by this bound, is below the best found is left alone.
/// </remarks>
internal sealed class CombinationSearch
{
    /// <summary>
    /// More than the 21,699 combinations of twenty coupons that all combine. At a tenth of a microsecond each, with 20 lines, the search ends within
    /// some three milliseconds, however many coupons there are.
    /// </summary>
    public const int MostEvaluations = 25_000;

    private const int Most = Composition.MostCoupons;
    private const int Alone = -1;
    private const long NoHope = -1;

    private readonly int _lines;
    private readonly LaidCoupon[] _coupons;
    private readonly int[] _groups;
    private readonly bool[] _groupTaken;
    private readonly long[] _taken;
    private readonly long[] _worths;
    private readonly long[] _hopes;
    private readonly int[] _chosen = new int[Most];
    private readonly int[] _best = new int[Most];
    private readonly int _mostEvaluations;
    private readonly long _most;
    private int _bestCount;
    private long _bestMinor;

    /// <param name="coupons">In the order of application, no two of one campaign.</param>
    /// <param name="mostEvaluations">Raised to what one way down takes, so that an answer that is not exact is a good one.</param>
    public CombinationSearch(Cart cart, List<LaidCoupon> coupons, int mostEvaluations)
    {
        (_lines, _mostEvaluations) = (cart.Lines.Count, Math.Max(mostEvaluations, Most * coupons.Count));
        _coupons = [.. coupons];
        _groups = new int[coupons.Count];
        _taken = new long[Most * _lines];
        _worths = new long[Most * coupons.Count];
        _hopes = new long[Most * coupons.Count];
        foreach (var line in cart.EveryLine) _most += cart.RoomMinor[line];
        var numbers = new Dictionary<string, int>(coupons.Count);
        for (var i = 0; i < _coupons.Length; i++)
        {
            var coupon = _coupons[i].Coupon;
            _most += coupon.Benefit.Gift?.WorthMinor ?? 0;
            _groups[i] = Alone;
            if (coupon.Stacking.Group is not { } group) continue;
            if (!numbers.TryGetValue(group, out var number)) numbers.Add(group, number = numbers.Count);
            _groups[i] = number;
        }
        _groupTaken = new bool[numbers.Count];
    }

    public bool IsExact { get; private set; } = true;

    public int Evaluations { get; private set; }

    public void Run() => Extend(0, 0, 0);

    public CartCoupon[] Best()
    {
        var best = new CartCoupon[_bestCount];
        for (var i = 0; i < _bestCount; i++) best[i] = _coupons[_best[i]].Coupon;
        return best;
    }

    /// <summary>Tries every coupon from <paramref name="from"/> on top of the chosen ones, then goes deeper where there is hope.</summary>
    /// <param name="minor">Minor units the chosen ones give.</param>
    private void Extend(int depth, int from, long minor)
    {
        var worths = _worths.AsSpan(depth * _coupons.Length, _coupons.Length);
        if (!Evaluate(depth, from, minor, worths) || depth + 1 == Most) return;
        var hopes = _hopes.AsSpan(depth * _coupons.Length, _coupons.Length);
        Hope(depth, from, minor, worths, hopes);
        while (IsExact)
        {
            var next = from;
            for (var i = from; i < hopes.Length; i++)
                if (hopes[i] > hopes[next]) next = i;
            // Whatever comes below has two coupons more than are chosen now.
            if (next == hopes.Length || hopes[next] < _bestMinor || (hopes[next] == _bestMinor && depth + 2 > _bestCount)) return;
            hopes[next] = NoHope;
            Descend(depth, next, minor + worths[next]);
        }
    }

    private void Descend(int depth, int next, long minor)
    {
        var taken = Taken(depth + 1);
        Taken(depth).CopyTo(taken);
        _coupons[next].Take(_coupons[next].DiscountMinor(taken)!.Value, taken);
        _chosen[depth] = next;
        _groupTaken[_groups[next]] = true;
        Extend(depth + 1, next + 1, minor);
        _groupTaken[_groups[next]] = false;
    }

    /// <summary>False: the bound of the search is reached.</summary>
    private bool Evaluate(int depth, int from, long minor, Span<long> worths)
    {
        var taken = Taken(depth);
        for (var i = from; i < worths.Length; i++)
        {
            var group = _groups[i];
            worths[i] = 0;
            if (group == Alone ? depth > 0 : _groupTaken[group]) continue;
            if (Evaluations == _mostEvaluations) return IsExact = false;
            Evaluations++;
            worths[i] = _coupons[i].WorthMinor(taken);
            if (worths[i] == 0) continue;
            _chosen[depth] = i;
            Offer(depth + 1, minor + worths[i]);
        }
        return true;
    }

    /// <summary>For each coupon, the most that it and later ones of different groups may give together with those chosen.</summary>
    private void Hope(int depth, int from, long minor, ReadOnlySpan<long> worths, Span<long> hopes)
    {
        Span<long> top = stackalloc long[Most - depth - 1];
        Span<int> topGroups = stackalloc int[top.Length];
        topGroups.Fill(Alone);
        for (var i = hopes.Length - 1; i >= from; i--)
        {
            hopes[i] = NoHope;
            if (worths[i] == 0 || _groups[i] == Alone) continue;
            var later = 0L;
            foreach (var worth in top) later += worth;
            if (later > 0) hopes[i] = Math.Min(_most, minor + worths[i] + later);
            Enter(top, topGroups, worths[i], _groups[i]);
        }
    }

    /// <summary>Keeps the highest worths, one a group.</summary>
    private static void Enter(Span<long> top, Span<int> topGroups, long worth, int group)
    {
        var place = topGroups.IndexOf(group);
        if (place < 0)
        {
            place = 0;
            for (var i = 1; i < top.Length; i++)
                if (top[i] < top[place]) place = i;
        }
        if (worth <= top[place]) return;
        (top[place], topGroups[place]) = (worth, group);
    }

    private void Offer(int count, long minor)
    {
        if (minor < _bestMinor) return;
        if (minor == _bestMinor && (count > _bestCount || (count == _bestCount && _chosen.AsSpan(0, count).SequenceCompareTo(_best.AsSpan(0, count)) >= 0))) return;
        (_bestMinor, _bestCount) = (minor, count);
        _chosen.AsSpan(0, count).CopyTo(_best);
    }

    private Span<long> Taken(int depth) => _taken.AsSpan(depth * _lines, _lines);
}
