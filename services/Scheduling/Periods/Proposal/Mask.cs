using System.Numerics;

namespace LiveCommerce.Scheduling.Periods.Proposal;

/// <summary>One bit a quarter of an hour. What lies past the end counts as taken.</summary>
internal sealed class Mask(int length)
{
    private readonly ulong[] _words = new ulong[(length + 63) / 64];

    public int Length => length;

    public bool this[int at] => at >= 0 && at < length && (_words[at >> 6] >> (at & 63) & 1) != 0;

    public static Mask Full(int length)
    {
        var full = new Mask(length);
        full.Set(0, length);
        return full;
    }

    public bool Any()
    {
        foreach (var word in _words)
            if (word != 0) return true;
        return false;
    }

    /// <summary>No bit is set from <paramref name="from"/> on, so many of them.</summary>
    public bool IsFree(int from, int count)
    {
        var to = from + count;
        if (from < 0 || to > length) return false;
        for (var at = from; at < to;)
        {
            var take = Math.Min(64 - (at & 63), to - at);
            if ((_words[at >> 6] & Ones(take) << (at & 63)) != 0) return false;
            at += take;
        }
        return true;
    }

    /// <summary>Sets the bits from <paramref name="from"/> on, as far as they are on the mask.</summary>
    public void Set(int from, int count)
    {
        var to = Math.Min(from + count, length);
        for (var at = Math.Max(from, 0); at < to;)
        {
            var take = Math.Min(64 - (at & 63), to - at);
            _words[at >> 6] |= Ones(take) << (at & 63);
            at += take;
        }
    }

    public void Clear(int from, int count)
    {
        var to = Math.Min(from + count, length);
        for (var at = Math.Max(from, 0); at < to;)
        {
            var take = Math.Min(64 - (at & 63), to - at);
            _words[at >> 6] &= ~(Ones(take) << (at & 63));
            at += take;
        }
    }

    /// <summary>How many are set of those from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public int CountSet(int from, int to)
    {
        var set = Math.Max(0, to - length);
        for (var at = from; at < Math.Min(to, length);)
        {
            var take = Math.Min(64 - (at & 63), Math.Min(to, length) - at);
            set += BitOperations.PopCount(_words[at >> 6] & Ones(take) << (at & 63));
            at += take;
        }
        return set;
    }

    public Mask And(Mask other)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] &= other._words[i];
        return this;
    }

    public Mask Or(Mask other)
    {
        for (var i = 0; i < _words.Length; i++) _words[i] |= other._words[i];
        return this;
    }

    public Mask Not()
    {
        for (var i = 0; i < _words.Length; i++) _words[i] = ~_words[i];
        if ((length & 63) != 0) _words[^1] &= Ones(length & 63);
        return this;
    }

    public Mask Copy() => new Mask(length).Or(this);

    /// <summary>Where a run of so many free bits begins: found in steps that double, not bit by bit.</summary>
    public Mask FreeRuns(int count)
    {
        var runs = Copy().Not();
        for (var have = 1; have < count;)
        {
            var step = Math.Min(have, count - have);
            runs.AndShifted(step);
            have += step;
        }
        return runs;
    }

    /// <summary>The set bit nearest to <paramref name="to"/>, the earlier of two; -1 if none is set.</summary>
    public int Nearest(int to)
    {
        var (before, after) = (Before(Math.Min(to, length - 1)), After(Math.Max(to, 0)));
        if (before < 0) return after;
        return after < 0 || to - before <= after - to ? before : after;
    }

    /// <summary>Each bit and the one so many after it.</summary>
    private void AndShifted(int count)
    {
        var (words, bits) = (count >> 6, count & 63);
        for (var i = 0; i < _words.Length; i++)
        {
            var low = i + words < _words.Length ? _words[i + words] : 0;
            var high = i + words + 1 < _words.Length ? _words[i + words + 1] : 0;
            _words[i] &= bits == 0 ? low : low >> bits | high << 64 - bits;
        }
    }

    private int After(int from)
    {
        for (var i = from >> 6; i < _words.Length; i++)
        {
            var word = i == from >> 6 ? _words[i] & ulong.MaxValue << (from & 63) : _words[i];
            if (word != 0) return (i << 6) + BitOperations.TrailingZeroCount(word);
        }
        return -1;
    }

    private int Before(int from)
    {
        if (from < 0) return -1;
        for (var i = from >> 6; i >= 0; i--)
        {
            var word = i == from >> 6 ? _words[i] & Ones((from & 63) + 1) : _words[i];
            if (word != 0) return (i << 6) + 63 - BitOperations.LeadingZeroCount(word);
        }
        return -1;
    }

    private static ulong Ones(int count) => count == 64 ? ulong.MaxValue : (1UL << count) - 1;
}
