using System.Text;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Organization.Tests;

/// <summary>Files as people and spreadsheets write them, read line by line.</summary>
internal sealed class CsvRecordsTests
{
    [TestCase("a,b\n1,2\n", "1:a|b 2:1|2")]
    [TestCase("a,b\r\n1,2", "1:a|b 2:1|2")]
    [TestCase("\uFEFFa,b\n1,2\n", "1:a|b 2:1|2")]
    [TestCase("a\n\n  \n1\n", "1:a 4:1")]
    [TestCase("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", "1:a|b 2:x,y|say \"hi\"")]
    [TestCase("a\n 小红书 \n", "1:a 2: 小红书 ")]
    [TestCase("a,b\n,\n", "1:a|b 2:|")]
    [TestCase("", "")]
    public async Task LinesAreReadAsTheyStand_ButForBlankOnes(string text, string expected)
    {
        var read = await Read(Encoding.UTF8.GetBytes(text));
        Assert.That(string.Join(' ', read.Select(r => $"{r.Line}:{string.Join('|', r.Fields)}")), Is.EqualTo(expected));
        Assert.That(read.Select(r => r.IsMisquoted), Is.All.False);
    }

    [Test]
    public async Task AFieldMayHoldLines_AndALineThatIsWrongSaysSo()
    {
        var read = await Read("a,b\n\"one\ntwo\",x\n\"broken\"quote,y\nalone\nc,d\n"u8.ToArray());
        Assert.That(read[1].Fields, Is.EqualTo(new[] { "one\ntwo", "x" }));
        var faults = new Faults();
        Assert.That(read.Select(r => r.Fits(2, faults)), Is.EqualTo(new[] { true, true, false, false, true }));
        Assert.That(faults.List.Select(f => f.Code), Is.EqualTo(new[] { "csv.quotes", "csv.field_count" }));
    }

    [Test]
    public void WhatIsNoTextOrNoLine_IsRefusedAsAWhole()
    {
        foreach (var (bytes, code) in new[]
        {
            ("a\n1\n"u8.ToArray().Concat(new byte[] { 0xC3, 0x28 }).ToArray(), "csv.not_utf8"),
            (Encoding.UTF8.GetBytes($"a\n{new string('x', 5000)}\n"), "csv.malformed"),
            (Encoding.UTF8.GetBytes($"a\n\"never closed\n{new string('x', 5000)}"), "csv.malformed"),
        })
        {
            Assert.That(async () => await Read(bytes), Throws.TypeOf<RejectionException>().With.Property("Rejection").Property("Kind").Property("Code").EqualTo(code));
        }
    }

    /// <summary>Each byte a character, many of them those that mean something.</summary>
    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void WhatIsQuotedByTheRules_IsReadBack(byte[][] lines)
    {
        const string Characters = "ab,\"\n\r ;=小";
        List<string[]> written = [.. lines.Select(l => l.Select((_, i) => new string([.. l.Skip(i).Take(l[i] % 5).Select(b => Characters[b % Characters.Length])])).Append("end").ToArray())];
        var text = string.Concat(written.Select(l => string.Join(',', l.Select(f => $"\"{f.Replace("\"", "\"\"")}\"")) + "\r\n"));
        Assert.That(Read(Encoding.UTF8.GetBytes(text)).GetAwaiter().GetResult().Select(r => r.Fields), Is.EqualTo(written));
    }

    [Test]
    public async Task ALineIsThereBeforeTheFileHasEnded()
    {
        var file = new Endless();
        var seen = 0;
        await foreach (var record in CsvRecords.Read(file, 1 << 12, CancellationToken.None))
        {
            Assert.That(record.Fields, Is.EqualTo(new[] { "one", "line" }));
            if (++seen == 10_000) break;
        }
        Assert.That(file.Given, Is.LessThan(10_000 * 9 + (1 << 20)), "read as it comes");
    }

    private static async Task<List<CsvRecord>> Read(byte[] bytes)
    {
        var records = new List<CsvRecord>();
        await foreach (var record in CsvRecords.Read(new MemoryStream(bytes), 1 << 12, CancellationToken.None)) records.Add(record);
        return records;
    }

    private sealed class Endless : Stream
    {
        private static readonly byte[] Line = "one,line\n"u8.ToArray();

        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++) buffer[offset + i] = Line[Given++ % Line.Length];
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
