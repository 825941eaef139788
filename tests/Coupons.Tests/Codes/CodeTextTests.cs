using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LiveCommerce.Coupons.Codes;

namespace LiveCommerce.Coupons.Tests.Codes;

internal sealed class CodeTextTests
{
    private static readonly byte[] Secret = SHA256.HashData("a secret of a test"u8);

    [Test]
    public void ACode_IsPrintedInGroups_OfLettersThatAreNotMistaken()
    {
        var code = new CodePress("XMAS", Secret).Print(7);
        Assert.That(code, Does.Match("^XMAS-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{6}$"));
        Assert.That(CodeText.Alphabet.Distinct().Count(), Is.EqualTo(32));
        Assert.That(CodeText.Alphabet.Intersect("01IO"), Is.Empty);
    }

    [Test]
    public void ACode_StaysWhatItIs_FromOneReleaseToTheNext()
    {
        // Codes are in print: whoever changes how they are made makes every one of them worthless.
        string[] printed = [.. new[] { 0, 1, 4, 4_999_999 }.Select(new CodePress("XMAS", Secret).Print)];
        Assert.That(printed, Is.EqualTo(new[] { "XMAS-22222-M7P7N-FN74QM", "XMAS-22223-TYZ6X-7MRLY5", "XMAS-22226-SW9HQ-J7U3BY", "XMAS-6SLTZ-G4WSJ-WDJG6U" }));
    }

    [TestCase("abc2xy", false)]
    [TestCase("ABC2XY", true)]
    [TestCase("A", false)]
    [TestCase("AB", true)]
    [TestCase("ABCDEFGH", true)]
    [TestCase("ABCDEFGHJ", false)]
    [TestCase("SALE10", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void APrefix_IsTwoToEightLettersOfTheAlphabet(string? prefix, bool isPrefix) => Assert.That(CodeText.IsPrefix(prefix), Is.EqualTo(isPrefix));

    [FsCheck.NUnit.Property]
    public Property WhatIsPrinted_ReadsBack() => Prop.ForAll(Presses(), Serials(), (press, serial) =>
    {
        var read = CodeText.Parse(press.Print(serial));
        return read is not null && read.Prefix == press.Prefix && read.Serial == serial && read.Mac == press.Mac(serial) && press.Made(read);
    });

    [FsCheck.NUnit.Property]
    public Property CaseBlanksAndHyphens_DoNotMatter() => Prop.ForAll(Presses(), Serials(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (press, serial, seed) =>
    {
        var code = press.Print(serial);
        var random = new Random(seed);
        var typed = string.Concat(code.Where(c => c != '-' || random.Next(2) == 0)
            .Select(c => $"{(random.Next(2) == 0 ? char.ToLowerInvariant(c) : c)}{(random.Next(4) == 0 ? " " : "")}"));
        return CodeText.Parse(typed) == CodeText.Parse(code);
    });

    [Test]
    public void AnySingleWrongLetter_IsFound([Values("AB", "XMAS", "ZZZZZZZZ")] string prefix)
    {
        var press = new CodePress(prefix, Secret);
        foreach (var serial in new[] { 0, 1, 77, 33_554_431 })
        {
            var code = press.Print(serial);
            for (var at = 0; at < code.Length; at++)
            {
                if (code[at] == '-') continue;
                foreach (var other in CodeText.Alphabet.Where(c => c != code[at]))
                    Assert.That(CodeText.Parse($"{code[..at]}{other}{code[(at + 1)..]}"), Is.Null, $"{other} at {at} of {code}");
            }
        }
    }

    [Test]
    public void AnyTwoLettersThatChangedPlaces_AreFound([Values("AB", "XMAS", "ABCDEFGH")] string prefix)
    {
        var press = new CodePress(prefix, Secret);
        var swapped = 0;
        foreach (var serial in new[] { 0, 1, 77, 33_554_431 })
        {
            var code = press.Print(serial);
            for (var left = 0; left < code.Length; left++)
            {
                for (var right = left + 1; right < code.Length; right++)
                {
                    if (code[left] == '-' || code[right] == '-' || code[left] == code[right]) continue;
                    var letters = code.ToCharArray();
                    (letters[left], letters[right]) = (letters[right], letters[left]);
                    Assert.That(CodeText.Parse(new string(letters)), Is.Null, $"{left} and {right} of {code}");
                    swapped++;
                }
            }
        }
        Assert.That(swapped, Is.GreaterThan(500));
    }

    [Test]
    public void AWrongLetter_IsFoundWhateverTheOthersAre_InAnyPlaceOfAnyLength()
    {
        // The sum is linear: whether a change is seen depends on the change alone. So all changes there are, on the code of nought.
        for (var length = CodeText.ShortestPrefix + CodeText.TailLetters; length <= CodeText.LongestPrefix + CodeText.TailLetters; length++)
        {
            for (var at = 0; at < length; at++)
            {
                foreach (var letter in CodeText.Alphabet.Skip(1)) Assert.That(CodeText.Parse(Noughts(length, (at, letter))), Is.Null);
                // Two letters that change places differ from what was there by the same amount, in both places.
                for (var other = at + 1; other < length; other++)
                {
                    foreach (var letter in CodeText.Alphabet.Skip(1)) Assert.That(CodeText.Parse(Noughts(length, (at, letter), (other, letter))), Is.Null);
                }
            }
            Assert.That(CodeText.Parse(Noughts(length)), Is.Not.Null);
        }
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("----")]
    [TestCase("2")]
    [TestCase("2222222222222222", Description = "no prefix")]
    [TestCase("22222222222222222", Description = "a prefix of one")]
    [TestCase("2222222222222222222222222", Description = "a prefix of nine")]
    [TestCase("22222222222222222O", Description = "a letter that is not there")]
    [TestCase("2222222222222222２２", Description = "a digit of another script")]
    [TestCase("2222222222222222é2")]
    [TestCase("'; DROP TABLE Coupons; --")]
    [TestCase("22 22 22222222222222\0")]
    public void WhatCannotBeACode_IsToldWithoutAskingAnybody(string text) => Assert.That(CodeText.Parse(text), Is.Null);

    [Test]
    public void AnEndlessText_IsNotEvenRead()
    {
        Assert.That(CodeText.Parse(null), Is.Null);
        Assert.That(CodeText.Parse($"{Noughts(20)}{new string(' ', 1_000_000)}"), Is.Null);
    }

    [FsCheck.NUnit.Property]
    public Property AnyTextAtAll_IsReadOrRefused_AndIsNoCodeOfTheBatch() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), Presses(), (text, press) =>
        CodeText.Parse(text) is not { } code || !press.Made(code));

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property ACodeMadeUpWithTheRightCheckLetter_IsNotOfTheBatch() => Prop.ForAll(Presses(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (press, seed) =>
    {
        var random = new Random(seed);
        byte[] letters = [.. press.Prefix.Select(CodeText.Value), .. Enumerable.Range(0, CodeText.TailLetters - 1).Select(_ => (byte)random.Next(32))];
        var forged = CodeText.Parse(string.Concat(letters.Append(CodeText.CheckLetter(letters)).Select(v => CodeText.Alphabet[v])));
        return forged is not null && forged.Prefix == press.Prefix && !press.Made(forged);
    });

    [FsCheck.NUnit.Property]
    public Property ACodeOfOneBatch_IsNotOfAnother() => Prop.ForAll(Presses(), Presses(), Serials(), (one, other, serial) =>
        !other.Made(CodeText.Parse(one.Print(serial))!));

    [Test]
    public void TheSameSecretUnderAnotherPrefix_MakesOtherMacs()
    {
        var (one, other) = (new CodePress("AB", Secret), new CodePress("AC", Secret));
        Assert.That(Enumerable.Range(0, 1000).Count(s => one.Mac(s) == other.Mac(s)), Is.Zero);
    }

    [Test]
    public void NeighbouringSerials_TellNothingOfEachOther()
    {
        var press = new CodePress("XMAS", Secret);
        const int Serials = 20_000;
        var macs = Enumerable.Range(0, Serials).Select(press.Mac).ToList();
        foreach (var apart in new[] { 1, 2, 3, 4, 8, 1024 })
        {
            var differing = macs.Skip(apart).Zip(macs, (a, b) => BitOperations.PopCount((ulong)(a ^ b))).Average();
            // Half of 50 bits; the mean of that many pairs strays by 0.025.
            Assert.That(differing, Is.EqualTo(25).Within(0.15), $"{apart} apart");
        }
        for (var bit = 0; bit < 50; bit++)
            Assert.That(macs.Count(m => (m >> bit & 1) == 1) / (double)Serials, Is.EqualTo(0.5).Within(0.02), $"bit {bit}");
        Assert.That(macs, Is.All.InRange(0, (1L << 50) - 1));
    }

    [Test]
    public void AMillionCodes_AreAllDifferent_AndEachIsAsPrintedAlone()
    {
        const int Codes = 1_000_000;
        const int Run = 1000;
        var press = new CodePress("XMAS", Secret);
        var macs = new HashSet<long>(Codes);
        var ascii = new byte[press.PrintLength * Run];
        for (var first = 0; first < Codes; first += Run)
        {
            press.Print(first, ascii);
            for (var i = 0; i < Run; i++)
            {
                var code = CodeText.Parse(Encoding.ASCII.GetString(ascii, i * press.PrintLength, press.PrintLength));
                if (code is null || code.Serial != first + i) Assert.Fail($"{first + i} reads as {code}");
                macs.Add(code!.Mac);
            }
            if (first % 50_000 == 0) Assert.That(press.Print(first + 3), Is.EqualTo(Encoding.ASCII.GetString(ascii, 3 * press.PrintLength, press.PrintLength)));
        }
        // MACs themselves: 10^12/2 pairs of 2^50, so one in two thousand runs would see two alike with another secret.
        Assert.That(macs, Has.Count.EqualTo(Codes));
    }

    [Test]
    public void ARunThatBeginsAnywhere_PrintsTheSame([Range(0, 9)] int first)
    {
        var press = new CodePress("AB", Secret);
        var ascii = new byte[press.PrintLength * 7];
        press.Print(first, ascii);
        Assert.That(Encoding.ASCII.GetString(ascii), Is.EqualTo(string.Concat(Enumerable.Range(first, 7).Select(press.Print))));
    }

    [Test]
    public void ASerialOutOfRange_IsAProgrammersError()
    {
        var press = new CodePress("AB", Secret);
        Assert.That(() => press.Print(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => press.Print(CodeText.SerialLimit), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => press.Print(CodeText.SerialLimit - 1), Throws.Nothing);
        Assert.That(() => new CodePress("A", Secret), Throws.ArgumentException);
        Assert.That(() => new CodePress("AB", [1, 2, 3]), Throws.ArgumentException);
    }

    [Test]
    public void TwoBatches_HaveTwoSecrets()
    {
        byte[][] secrets = [CodePress.NewSecret(), CodePress.NewSecret()];
        Assert.That(secrets[0], Is.Not.EqualTo(secrets[1]));
        Assert.That(secrets.Select(s => s.Length), Is.All.EqualTo(CodePress.SecretBytes));
    }

    private static string Noughts(int length, params (int At, char Letter)[] changes)
    {
        var letters = Enumerable.Repeat(CodeText.Alphabet[0], length).ToArray();
        foreach (var (at, letter) in changes) letters[at] = letter;
        return new string(letters);
    }

    private static Arbitrary<CodePress> Presses() => (
        from length in Gen.Choose(CodeText.ShortestPrefix, CodeText.LongestPrefix)
        from prefix in Gen.ArrayOf(Gen.Elements(CodeText.Alphabet.ToCharArray()), length)
        from secret in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b), CodePress.SecretBytes)
        select new CodePress(new string(prefix), secret)).ToArbitrary();

    private static Arbitrary<int> Serials() => Gen.Choose(0, CodeText.SerialLimit - 1).ToArbitrary();
}
