namespace LiveCommerce.AllInOne.Demo;

/// <summary>One sum of the demonstration, worked out twice: by the script, which knows what it sent, and by the services.</summary>
internal sealed record DemoCheck(string What, string Expected, string Found)
{
    public bool Holds => Expected == Found;
}

/// <summary>What the run came to.</summary>
internal sealed record DemoOutcome(IReadOnlyList<(string Figure, string Value)> Figures, IReadOnlyList<DemoCheck> Checks, TimeSpan SettledAfter)
{
    public bool IsSound => Checks.All(c => c.Holds);
}

/// <summary>
/// The main job, start to end, through the public HTTP API only: a brand group builds its tree, plans a month, lives through one
/// session from warm-up to refunds, and asks who sold what. The demonstration shows it; the system tests run the same.
/// </summary>
internal sealed class MainJob(Api anonymous, string operatorSecret, DemoScale scale, string run, TimeProvider clock, Action<string, double> progress)
{
    /// <summary>Of every member of a demonstration group; never of anything else.</summary>
    public const string Password = "explore-the-demo";

    public Api Anonymous => anonymous;

    public string OperatorSecret => operatorSecret;

    public DemoScale Scale => scale;

    /// <summary>Code of the headquarters, and first part of every id.</summary>
    public string Run => run;

    public DemoIds Ids { get; } = new(run);

    public TimeProvider Clock => clock;

    /// <summary>When the run began; everything is planned from here.</summary>
    public DateTimeOffset Start { get; init; } = Minute(clock.GetUtcNow());

    public async Task<DemoOutcome> Play(CancellationToken ct)
    {
        progress("Tree, members, mandates", 0);
        var group = await DemoGroup.Create(this, ct);
        progress("Tree, members, mandates", 1);

        progress("Products", 0);
        var catalogue = DemoCatalogue.Load(scale, group.BrandCodes);
        // A service hears of brands over the bus; until it has, it does not know their codes.
        var import = await Heard(() => group.Headquarters.Member.PostCsv("/lineups/products/import?onError=skip", catalogue.Csv, ct), a => (int)a.Json!["skipped"]! <= scale.Products / 100, ct);
        progress("Products", 1);

        var month = new DemoMonth(this, group);
        await month.Schedule((done, of) => progress("Month of sessions", (double)done / of), ct);

        progress("Quotas and codes", 0);
        var quotas = await new DemoQuotas(this, group).ShareOut(ct);
        progress("Quotas and codes", 1);

        var session = new DemoSession(this, group, month, catalogue);
        var outcome = await session.LiveThrough(progress, ct);
        (string, string)[] first =
        [
            ("Units", $"{1 + scale.Regions + scale.Resellers}"),
            ("Brands", $"{await Count(group.Headquarters.Member, "/organization/brands", ct)}"),
            ("Products imported", $"{(int)import.Json!["added"]! + (int)import.Json["unchanged"]! + (int)import.Json["updated"]!}"),
            ("Sessions scheduled", $"{await Count(group.Headquarters.Member, "/scheduling/sessions", ct)}"),
        ];
        return outcome with { Figures = [.. first, .. outcome.Figures], Checks = [.. quotas, .. outcome.Checks] };
    }

    /// <summary>Asks again until the answer is what it has to become.</summary>
    public static async Task<T> Heard<T>(Func<Task<T>> ask, Func<T, bool> settled, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (settled(answer) || TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(30)) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }
    }

    private static async Task<int> Count(Api member, string list, CancellationToken ct)
    {
        var count = 0;
        string? after = null;
        do
        {
            var page = (await member.Get(after is null ? $"{list}?limit=200" : $"{list}?limit=200&after={after}", ct)).Json!;
            count += page["items"]!.AsArray().Count;
            after = (string?)page["next"];
        }
        while (after is not null);
        return count;
    }

    /// <summary>Times are kept to the microsecond: what is compared with an answer must not be finer.</summary>
    public static DateTimeOffset Minute(DateTimeOffset at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
