using System.Runtime.CompilerServices;
using System.Text;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LiveCommerce.Organization.Tests;

/// <summary>Files that are sent while they are read.</summary>
internal sealed class CsvTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [TestCase("plain", "plain")]
    [TestCase("", "")]
    [TestCase(null, "")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [TestCase("two\r\nlines", "\"two\r\nlines\"")]
    [TestCase(" blank", "\" blank\"")]
    [TestCase("小红书", "小红书")]
    [TestCase("=1+1", "'=1+1")]
    [TestCase("+86 138", "'+86 138")]
    [TestCase("-", "'-")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\"")]
    [TestCase("\t=1", "'\t=1")]
    [TestCase("\r=1", "\"'\r=1\"")]
    [TestCase("＝1", "'＝1")]
    [TestCase("a=1", "a=1")]
    public async Task AField_IsQuotedWhereItMust_AndIsNeverAFormula(string? text, string field) =>
        Assert.That(await Written(["text", "next"], [text], (line, t) => line.Add(t).Add("x")), Is.EqualTo($"text,next\r\n{field},x\r\n"));

    [Test]
    public async Task ValuesThatAreNoText_AreWrittenPlainly()
    {
        var id = Guid.Parse("0199a0b0-0000-7000-8000-000000000001");
        var at = new DateTimeOffset(2026, 11, 11, 20, 0, 0, 250, TimeSpan.FromHours(8));
        var text = await Written<int>(["a", "b", "c", "d", "e", "f"], [0], (line, _) => line.Add(-5L).Add(id).Add(at).Add((long?)null).Add((Guid?)null).Add("AB-1"u8));
        Assert.That(text, Is.EqualTo("a,b,c,d,e,f\r\n-5,0199a0b0-0000-7000-8000-000000000001,2026-11-11T12:00:00.25Z,,,AB-1\r\n"));
    }

    [Test]
    public async Task AnEmptyTable_HasItsHeader() => Assert.That(await Written<int>(["a", "b"], [], (_, _) => { }), Is.EqualTo("a,b\r\n"));

    [Test]
    public void ALineOfAnotherLength_IsAProgrammersError() =>
        Assert.That(async () => await Written(["a", "b"], [1], (line, n) => line.Add(n)), Throws.InvalidOperationException);

    [Test]
    public async Task AFile_SaysWhatItIs()
    {
        await using var site = await Site.Open(Endless, rows: 3);
        using var answer = await site.Client.GetAsync("/file");
        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/csv; charset=utf-8"));
        Assert.That(answer.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("numbers.csv"));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo($"number,text\r\n0,{Site.Filling}\r\n1,{Site.Filling}\r\n2,{Site.Filling}\r\n"));
    }

    [Test]
    public void ARefusal_IsAProblem_NotAFile()
    {
        Result<CsvAnswer<int>> refused = new RejectionKind("file.not_found", 404, "There is none.").Because("None.");
        Assert.That(refused.ToHttp(), Is.Not.InstanceOf<CsvAnswer<int>>());
    }

    [Test]
    public async Task RowsAreRead_NoFasterThanTheyAreTaken_AndNoLongerThanSomebodyTakesThem()
    {
        await using var site = await Site.Open(Endless, rows: int.MaxValue);
        var answer = await site.Client.GetAsync("/file", HttpCompletionOption.ResponseHeadersRead);
        await using (var body = await answer.Content.ReadAsStreamAsync())
        {
            Assert.That(await body.ReadAsync(new byte[1000]), Is.Positive);
            var read = await site.Stalled();
            // What the system's socket buffers hold, and not one after the other for ever.
            Assert.That(read * (long)Site.Filling.Length, Is.LessThan(64 << 20));
        }
        answer.Dispose();
        await site.Left.WaitAsync(Patience);
    }

    [Test]
    public async Task AFirstRowThatCannotBeRead_LeavesTheAnswerToOthers()
    {
        await using var site = await Site.Open(FailsAt, rows: 0);
        using var answer = await site.Client.GetAsync("/file");
        Assert.That((int)answer.StatusCode, Is.EqualTo(500));
    }

    [Test]
    public async Task ALaterRowThatCannotBeRead_BreaksTheTransferOff()
    {
        await using var site = await Site.Open(FailsAt, rows: 10_000);
        Assert.That(async () => await site.Client.GetStringAsync("/file"), Throws.InstanceOf<HttpRequestException>());
    }

    private static async Task<string> Written<T>(string[] header, T[] rows, Action<CsvLine, T> write)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new CsvAnswer<T>("file.csv", header, rows.ToAsyncEnumerable(), write).ExecuteAsync(context);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static async IAsyncEnumerable<int> Endless(Site site, int rows, [EnumeratorCancellation] CancellationToken ct = default)
    {
        try
        {
            for (var i = 0; i < rows; i++)
            {
                if (i % 1000 == 0) await Task.Yield();
                ct.ThrowIfCancellationRequested();
                site.Read = i;
                yield return i;
            }
        }
        finally
        {
            site.Leave();
        }
    }

    private static async IAsyncEnumerable<int> FailsAt(Site site, int rows, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var i in Endless(site, rows, ct)) yield return i;
        throw new IOException("The disk has gone.");
    }

    private delegate IAsyncEnumerable<int> Source(Site site, int rows, CancellationToken ct = default);

    /// <summary>One file over real HTTP.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private WebApplication _app = null!;
        private volatile int _read;

        public static string Filling { get; } = new('x', 100);

        public HttpClient Client { get; private set; } = null!;

        public int Read { get => _read; set => _read = value; }

        public Task Left => _left.Task;

        public static async Task<Site> Open(Source source, int rows)
        {
            var site = new Site();
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            site._app = builder.Build();
            site._app.MapGet("/file", () => new CsvAnswer<int>("numbers.csv", ["number", "text"], source(site, rows), (line, i) => line.Add(i).Add(Filling)));
            await site._app.StartAsync();
            site.Client = new HttpClient { BaseAddress = new Uri(site._app.Urls.First()) };
            return site;
        }

        public void Leave() => _left.TrySetResult();

        /// <summary>Waits until nothing more is read.</summary>
        public async Task<int> Stalled()
        {
            for (var before = -1; ;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                if (before == Read) return before;
                before = Read;
            }
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _app.DisposeAsync();
        }
    }
}
