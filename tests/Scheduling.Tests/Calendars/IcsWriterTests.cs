using System.Text;
using LiveCommerce.Scheduling.Calendars;

namespace LiveCommerce.Scheduling.Tests.Calendars;

internal sealed class IcsWriterTests
{
    [Test]
    public void Text_IsEscaped() =>
        Assert.That(new IcsWriter().Text("SUMMARY", "A, B; C\\D\r\nE\nF\u0007: \"G\"").ToString(), Is.EqualTo("SUMMARY:A\\, B\\; C\\\\D\\nE\\nF: \"G\"\r\n"));

    [Test]
    public void NoLine_IsLongerThan75Octets_AndNoCharacterIsSplit()
    {
        foreach (var text in new[] { new string('a', 400), new string('衣', 200), string.Concat(Enumerable.Repeat("🛍️,", 80)), new string('a', 67), new string('a', 66), "x\ud800y" })
        {
            var written = new IcsWriter().Text("SUMMARY", text).ToString();
            Assert.That(written, Does.EndWith("\r\n"));
            var lines = written[..^2].Split("\r\n");
            Assert.That(lines.Select(Encoding.UTF8.GetByteCount), Is.All.LessThanOrEqualTo(75));
            Assert.That(lines.Skip(1), Is.All.StartsWith(" "));
            Assert.That(written[..^2].Replace("\r\n ", "").Replace("\\,", ","), Is.EqualTo($"SUMMARY:{text.Replace('\ud800', '\ufffd')}").Or.EqualTo($"SUMMARY:{text}"));
        }
    }

    [Test]
    public async Task WhateverTheTextIs_TheOtherParserReadsItBack()
    {
        var random = new Random(75);
        string[] pieces = ["a", " ", ",", ";", ":", "\\", "\n", "\"", "衣服", "é", "🛍️", "BEGIN:VEVENT", "\\n", "=", "\t", "END"];
        var texts = Enumerable.Range(0, 200).Select(_ => $"t{string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => pieces[random.Next(pieces.Length)]))}t").ToList();
        var calendar = new IcsWriter().Begin("VCALENDAR").Line("VERSION", "2.0").Line("PRODID", "-//test//EN");
        foreach (var (text, i) in texts.Select((t, i) => (t, i)))
            calendar.Begin("VEVENT").Line("UID", $"{i}").Utc("DTSTAMP", DateTimeOffset.UnixEpoch).Utc("DTSTART", DateTimeOffset.UnixEpoch).Text("SUMMARY", text).Texts("CATEGORIES", [text, "second"]).End("VEVENT");
        var read = await OtherParser.Read(calendar.End("VCALENDAR").ToString());
        Assert.That(read["events"]!.AsArray().Select(e => (string?)e!["summary"]), Is.EqualTo(texts));
        Assert.That(read["events"]!.AsArray().Select(e => (string?)e!["categories"]![0]), Is.EqualTo(texts));
    }
}
