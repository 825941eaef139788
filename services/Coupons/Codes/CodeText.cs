using System.Diagnostics.CodeAnalysis;

namespace LiveCommerce.Coupons.Codes;

/// <summary>A code that may exist, as somebody typed it: well formed, and its check character is right.</summary>
/// <param name="Prefix">Names the batch, within a tenant.</param>
/// <param name="Serial">The code's number in the batch.</param>
/// <param name="Mac">What only the batch's secret can tell of prefix and serial.</param>
internal sealed record CodeText(string Prefix, int Serial, long Mac)
{
    /// <summary>32 letters, 5 bits each, none of which is taken for another in print: no 0, 1, I, O.</summary>
    internal const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    internal const int ShortestPrefix = 2;
    internal const int LongestPrefix = 8;
    internal const int SerialLetters = 5;
    internal const int MacLetters = 10;
    internal const int BitsPerLetter = 5;

    /// <summary>What follows the prefix: serial, MAC and check character.</summary>
    internal const int TailLetters = SerialLetters + MacLetters + 1;

    /// <summary>Serials are below this.</summary>
    internal const int SerialLimit = 1 << (SerialLetters * BitsPerLetter);

    /// <summary>As printed: one after prefix, serial and half of the MAC.</summary>
    internal const int Hyphens = 3;

    internal const int LongestPrint = LongestPrefix + TailLetters + Hyphens;

    /// <summary>What somebody may type around the letters before it is not worth reading.</summary>
    internal const int LongestInput = 2 * LongestPrint;

    private const int LongestCode = LongestPrefix + TailLetters;
    private const byte Foreign = 0xFF;

    private static readonly byte[] ValueOf = Values();

    /// <summary>
    /// Weight of each letter, counted from the right: the powers of the generator of GF(32), which are all different for
    /// 31 letters. So the weighted sum shows every single wrong letter, and every two letters that changed places.
    /// </summary>
    private static readonly byte[] Weights = Powers();

    private static readonly byte[] Products = MultiplicationTable();

    internal static bool IsPrefix([NotNullWhen(true)] string? text) =>
        text is { Length: >= ShortestPrefix and <= LongestPrefix } && text.All(Alphabet.Contains);

    /// <summary>Reads a code whatever its case, blanks and hyphens.</summary>
    /// <returns>Null: no batch of any tenant has such a code; it was mistyped or made up.</returns>
    internal static CodeText? Parse(string? text)
    {
        if (text is null || text.Length > LongestInput) return null;
        Span<byte> letters = stackalloc byte[LongestCode];
        var length = 0;
        foreach (var c in text)
        {
            if (c == '-' || char.IsWhiteSpace(c)) continue;
            var value = c < ValueOf.Length ? ValueOf[c] : Foreign;
            if (value == Foreign || length == LongestCode) return null;
            letters[length++] = value;
        }
        letters = letters[..length];
        var prefix = length - TailLetters;
        if (prefix < ShortestPrefix || WeightedSum(letters) != 0) return null;
        return new CodeText(
            string.Create(prefix, letters[..prefix], static (chars, values) =>
            {
                for (var i = 0; i < chars.Length; i++) chars[i] = Alphabet[values[i]];
            }),
            (int)Number(letters.Slice(prefix, SerialLetters)),
            Number(letters.Slice(prefix + SerialLetters, MacLetters)));
    }

    /// <summary>The letter that makes the weighted sum nought when put behind <paramref name="letters"/>.</summary>
    internal static byte CheckLetter(ReadOnlySpan<byte> letters)
    {
        var sum = 0;
        // Its own weight is one, and in this field adding is subtracting.
        for (var i = 0; i < letters.Length; i++) sum ^= Products[Weights[letters.Length - i] << BitsPerLetter | letters[i]];
        return (byte)sum;
    }

    internal static byte Value(char letter) => ValueOf[letter];

    private static int WeightedSum(ReadOnlySpan<byte> code) => CheckLetter(code[..^1]) ^ code[^1];

    private static long Number(ReadOnlySpan<byte> letters)
    {
        long number = 0;
        foreach (var letter in letters) number = number << BitsPerLetter | letter;
        return number;
    }

    private static byte[] Values()
    {
        var values = new byte[128];
        Array.Fill(values, Foreign);
        for (byte i = 0; i < Alphabet.Length; i++) values[Alphabet[i]] = values[char.ToLowerInvariant(Alphabet[i])] = i;
        return values;
    }

    private static byte[] Powers()
    {
        var powers = new byte[Alphabet.Length - 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = Multiply(powers[i - 1], 2);
        return powers;
    }

    private static byte[] MultiplicationTable() =>
        [.. Enumerable.Range(0, Alphabet.Length * Alphabet.Length).Select(i => Multiply(i >> BitsPerLetter, i & 31))];

    // In GF(32) as polynomials over GF(2) modulo x^5 + x^2 + 1, which is primitive: x generates all 31 of them but nought.
    private static byte Multiply(int a, int b)
    {
        var product = 0;
        for (; b != 0; b >>= 1, a = (a << 1) ^ ((a & 16) == 0 ? 0 : 0b1_00101))
        {
            if ((b & 1) != 0) product ^= a;
        }
        return (byte)product;
    }
}
