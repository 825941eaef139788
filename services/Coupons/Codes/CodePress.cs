using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LiveCommerce.Coupons.Codes;

/// <summary>
/// Makes the codes of one batch, and knows them again. A code is worked out from the batch's secret, so none is stored.
/// Safe to share between threads.
/// </summary>
internal sealed class CodePress
{
    /// <summary>Bytes of a batch's secret.</summary>
    internal const int SecretBytes = 32;

    // A hash has room for the MACs of four serials, and is by far the dearest part of a code.
    private const int MacsPerHash = 4;
    private const int LetterMask = (1 << CodeText.BitsPerLetter) - 1;

    private static readonly byte[] Ascii = Encoding.ASCII.GetBytes(CodeText.Alphabet);

    private readonly byte[] _secret;
    private readonly byte[] _prefix;

    /// <param name="prefix">Of the batch.</param>
    /// <param name="secret">Of the batch, at random.</param>
    public CodePress(string prefix, byte[] secret)
    {
        if (!CodeText.IsPrefix(prefix)) throw new ArgumentException("Not a prefix.", nameof(prefix));
        if (secret.Length != SecretBytes) throw new ArgumentException($"Not {SecretBytes} bytes.", nameof(secret));
        Prefix = prefix;
        _prefix = [.. prefix.Select(CodeText.Value)];
        _secret = secret;
    }

    public string Prefix { get; }

    /// <summary>Letters and hyphens of each code of this batch.</summary>
    public int PrintLength => _prefix.Length + CodeText.TailLetters + CodeText.Hyphens;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The code as printed: <c>PREFIX-XXXXX-XXXXX-XXXXXX</c>.</summary>
    /// <param name="serial">From 0, below <see cref="CodeText.SerialLimit"/>.</param>
    public string Print(int serial)
    {
        Span<byte> ascii = stackalloc byte[PrintLength];
        Print(serial, ascii);
        return Encoding.ASCII.GetString(ascii);
    }

    /// <summary>Prints consecutive codes back to back, as many as fit.</summary>
    /// <param name="first">The first one's serial.</param>
    /// <param name="ascii">Takes <see cref="PrintLength"/> bytes a code.</param>
    public void Print(int first, Span<byte> ascii)
    {
        var count = ascii.Length / PrintLength;
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, CodeText.SerialLimit, nameof(first));
        Span<byte> letters = stackalloc byte[_prefix.Length + CodeText.TailLetters];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        _prefix.CopyTo(letters);
        for (var serial = first; serial < first + count; serial++)
        {
            if (serial == first || serial % MacsPerHash == 0) Hash(hmac, serial, hash);
            Print(letters, serial, MacOf(serial, hash), ascii);
            ascii = ascii[PrintLength..];
        }
    }

    /// <summary>True if the code is one of this press, whatever the size of its batch. Takes as long whichever letters are wrong.</summary>
    public bool Made(CodeText code)
    {
        Span<byte> expected = stackalloc byte[sizeof(long)], typed = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(expected, Mac(code.Serial));
        BinaryPrimitives.WriteInt64BigEndian(typed, code.Mac);
        return CryptographicOperations.FixedTimeEquals(expected, typed) && code.Prefix == Prefix;
    }

    internal long Mac(int serial)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        Hash(hmac, serial, hash);
        return MacOf(serial, hash);
    }

    /// <summary>HMAC-SHA256 over the prefix and the number of the serial's group of four.</summary>
    private void Hash(IncrementalHash hmac, int serial, Span<byte> hash)
    {
        Span<byte> message = stackalloc byte[_prefix.Length + sizeof(int)];
        _prefix.CopyTo(message);
        BinaryPrimitives.WriteInt32BigEndian(message[_prefix.Length..], serial / MacsPerHash);
        hmac.AppendData(message);
        hmac.GetHashAndReset(hash);
    }

    /// <summary>The first bits of the serial's own quarter of the hash.</summary>
    private static long MacOf(int serial, ReadOnlySpan<byte> hash) =>
        (long)(BinaryPrimitives.ReadUInt64BigEndian(hash[(serial % MacsPerHash * sizeof(ulong))..]) >> (8 * sizeof(ulong) - CodeText.MacLetters * CodeText.BitsPerLetter));

    private void Print(Span<byte> letters, int serial, long mac, Span<byte> ascii)
    {
        var tail = letters[_prefix.Length..];
        Spell(serial, tail[..CodeText.SerialLetters]);
        Spell(mac, tail[CodeText.SerialLetters..^1]);
        tail[^1] = CodeText.CheckLetter(letters[..^1]);
        var at = 0;
        for (var i = 0; i < letters.Length; i++)
        {
            if (i - _prefix.Length is 0 or CodeText.SerialLetters or 2 * CodeText.SerialLetters) ascii[at++] = (byte)'-';
            ascii[at++] = Ascii[letters[i]];
        }
    }

    private static void Spell(long number, Span<byte> letters)
    {
        for (var i = letters.Length - 1; i >= 0; i--, number >>= CodeText.BitsPerLetter) letters[i] = (byte)(number & LetterMask);
    }
}
