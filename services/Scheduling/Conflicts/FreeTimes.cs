using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Conflicts;

/// <summary>
/// The algebra of free slots: what is in the way forbids a span of starts, and the starts left over are walked from the
/// wanted one outwards. Knows nothing of sessions or databases.
/// </summary>
internal static class FreeTimes
{
    /// <summary>Starts are offered at every quarter of an hour, which is one on every clock on earth, whatever its zone.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>The starts at which a slot of that length would meet what is in the way; both ends exclusive.</summary>
    /// <param name="busy">In the way, with what has to stay free after it.</param>
    /// <param name="length">Of the slot looked for, with what has to stay free after that.</param>
    public static Window StartsForbiddenBy(Window busy, TimeSpan length) => new(busy.OpensAt - length, busy.ClosesAt);

    /// <summary>The starts nearest to the wanted one, of two at the same distance the earlier first; slots offered do not overlap each other.</summary>
    /// <param name="near">The wanted start.</param>
    /// <param name="length">Of the slots.</param>
    /// <param name="search">No start outside it.</param>
    /// <param name="forbidden">Spans of starts, both ends exclusive, in any order.</param>
    /// <param name="allowed">What cannot be said in spans; asked in the order of the answer.</param>
    /// <param name="count">At most so many.</param>
    public static IReadOnlyList<Window> Nearest(
        DateTimeOffset near, TimeSpan length, Window search, IEnumerable<Window> forbidden, Func<DateTimeOffset, bool> allowed, int count)
    {
        var spans = Merged(forbidden);
        var found = new List<Window>(count);
        var pivot = Clamp(near, search);
        var below = Backward(Floor(pivot), spans);
        var above = Forward(Floor(pivot) + Step, spans);
        while (found.Count < count)
        {
            var canFall = below >= search.OpensAt;
            var canRise = above < search.ClosesAt;
            if (!canFall && !canRise) break;
            var fall = canFall && (!canRise || near - below <= above - near);
            var start = fall ? below : above;
            var slot = new Window(start, start + length);
            if (start < search.ClosesAt && !found.Exists(f => f.Overlaps(slot)) && allowed(start)) found.Add(slot);
            if (fall) below = Backward(below - Step, spans);
            else above = Forward(above + Step, spans);
        }
        return found;
    }

    /// <summary>Sorted, and no two of them overlap.</summary>
    private static List<Window> Merged(IEnumerable<Window> spans)
    {
        var merged = new List<Window>();
        foreach (var span in spans.Where(s => s.OpensAt < s.ClosesAt).OrderBy(s => s.OpensAt))
        {
            // Two that only touch leave the start between them free.
            if (merged.Count > 0 && span.OpensAt < merged[^1].ClosesAt)
                merged[^1] = merged[^1] with { ClosesAt = span.ClosesAt > merged[^1].ClosesAt ? span.ClosesAt : merged[^1].ClosesAt };
            else merged.Add(span);
        }
        return merged;
    }

    private static DateTimeOffset Forward(DateTimeOffset at, List<Window> spans)
    {
        while (Around(at, spans) is { } span) at = Ceiling(span.ClosesAt);
        return at;
    }

    private static DateTimeOffset Backward(DateTimeOffset at, List<Window> spans)
    {
        while (Around(at, spans) is { } span) at = Floor(span.OpensAt);
        return at;
    }

    private static Window? Around(DateTimeOffset at, List<Window> spans)
    {
        var (low, high) = (0, spans.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (spans[middle].ClosesAt <= at) low = middle + 1;
            else if (spans[middle].OpensAt >= at) high = middle - 1;
            else return spans[middle];
        }
        return null;
    }

    private static DateTimeOffset Clamp(DateTimeOffset at, Window to) => at < to.OpensAt ? to.OpensAt : at > to.ClosesAt ? to.ClosesAt : at;

    private static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % Step.Ticks, TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset at)
    {
        var floor = Floor(at);
        return floor == at.ToUniversalTime() ? floor : floor + Step;
    }
}
