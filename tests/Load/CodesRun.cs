using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LiveCommerce.Load.Scenarios;

namespace LiveCommerce.Load;

/// <summary>
/// Downloads a batch of codes while watching the server's memory. The yardstick is a plain loop that writes as many lines of
/// the same length, each a number, to a loop-back socket: as much as any stream of lines can do on this machine.
/// </summary>
internal static class CodesRun
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(50);

    public static async Task<CodesReport> Run(int codes, Action<string> tell)
    {
        await using var server = await ServerProcess.Start();
        using var tenant = await Tenant.SignInTo(server);
        await tenant.Open();
        var campaign = await Campaigns.Start(tenant, Campaigns.LargeStock);
        var made = Stopwatch.StartNew();
        var batch = await tenant.Send(HttpMethod.Post, $"/coupons/campaigns/{campaign}/code-batches", new { count = codes });
        tell($"a batch of {codes} codes took {made.Elapsed.TotalMilliseconds:F0} ms");

        using var done = new CancellationTokenSource();
        var before = server.ResidentMiB;
        var peak = Peak(server, done.Token);
        var clock = Stopwatch.StartNew();
        var read = new Lines(codes + 1);
        await using (var file = await tenant.Download($"/coupons/code-batches/{(Guid)batch["id"]!}/codes.csv")) await read.ReadFrom(file);
        var took = clock.Elapsed;
        await done.CancelAsync();

        var (lines, length) = (read.Count, (int)(read.Bytes / Math.Max(1, read.Count)));
        clock.Restart();
        var plain = new Lines(lines);
        await ReadPlain(plain, lines, Math.Max(length, 12));
        return new CodesReport
        {
            Asked = codes,
            Codes = lines - 1,
            Different = read.Different() - 1,
            Bytes = read.Bytes,
            Took = took,
            PlainTook = clock.Elapsed,
            BeforeMiB = before,
            PeakMiB = await peak,
        };
    }

    private static async Task<double> Peak(ServerProcess server, CancellationToken done)
    {
        var peak = server.ResidentMiB;
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(SampleEvery, TimeProvider.System);
            peak = Math.Max(peak, server.ResidentMiB);
        }
        return peak;
    }

    private static async Task ReadPlain(Lines into, int lines, int length)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var writing = Task.Run(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            await using var stream = new BufferedStream(client.GetStream(), 64 * 1024);
            var line = new byte[length];
            line.AsSpan().Fill((byte)'0');
            line[^1] = (byte)'\n';
            for (var i = 0; i < lines; i++)
            {
                Utf8Formatter.TryFormat(i, line.AsSpan(0, length - 1), out _);
                stream.Write(line);
            }
        });
        using var reader = await listener.AcceptTcpClientAsync();
        await into.ReadFrom(reader.GetStream());
        await writing;
    }

    /// <summary>Counts lines, and remembers each by 64 bits.</summary>
    private sealed class Lines(int expected)
    {
        private const ulong Start = 14695981039346656037;
        private const ulong Prime = 1099511628211;

        private readonly List<ulong> _hashes = new(expected);
        private ulong _hash = Start;

        public int Count => _hashes.Count;

        public long Bytes { get; private set; }

        public async Task ReadFrom(Stream stream)
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0) Take(buffer.AsSpan(0, read));
        }

        public int Different()
        {
            _hashes.Sort();
            var different = 0;
            for (var i = 0; i < _hashes.Count; i++)
            {
                if (i == 0 || _hashes[i] != _hashes[i - 1]) different++;
            }
            return different;
        }

        private void Take(ReadOnlySpan<byte> part)
        {
            Bytes += part.Length;
            foreach (var b in part)
            {
                if (b != '\n')
                {
                    _hash = (_hash ^ b) * Prime;
                    continue;
                }
                _hashes.Add(_hash);
                _hash = Start;
            }
        }
    }
}

internal sealed record CodesReport : IReport
{
    public required int Asked { get; init; }

    /// <summary>Lines of the file below its header.</summary>
    public required int Codes { get; init; }

    public required int Different { get; init; }

    public required long Bytes { get; init; }

    public required TimeSpan Took { get; init; }

    /// <summary>The plain loop, for as many lines.</summary>
    public required TimeSpan PlainTook { get; init; }

    /// <summary>Resident memory of the server before the download.</summary>
    public required double BeforeMiB { get; init; }

    public required double PeakMiB { get; init; }

    public bool IsClean => Codes == Asked && Different == Asked;

    private double PerSecond => Codes / Took.TotalSeconds;

    private double BaselinePerSecond => Codes / PlainTook.TotalSeconds;

    public IEnumerable<string> Lines()
    {
        yield return $"codes: {Codes} codes, {Bytes / (double)(1 << 20):F0} MiB, in {Took.TotalSeconds:F1} s: {PerSecond:F0}/s";
        yield return $"  baseline {BaselinePerSecond:F0} plain lines/s, ratio {PerSecond / BaselinePerSecond:F2}";
        yield return $"  server resident {BeforeMiB:F0} MiB before, {PeakMiB:F0} MiB at its peak";
        if (!IsClean) yield return $"  WRONG: {Asked} codes were asked for, {Codes} came, {Different} of them different";
    }

    public object Figures() => new
    {
        Scenario = "codes",
        PerSecond = Math.Round(PerSecond, 1),
        BaselinePerSecond = Math.Round(BaselinePerSecond, 1),
        Ratio = Math.Round(PerSecond / BaselinePerSecond, 3),
        PeakResidentMiB = Math.Round(PeakMiB, 1),
        ResidentBeforeMiB = Math.Round(BeforeMiB, 1),
        Asked,
        Codes,
        Different,
        Bytes,
        Errors = Math.Abs(Asked - Different),
        Seconds = Math.Round(Took.TotalSeconds, 2),
        Cores = Environment.ProcessorCount,
    };
}
