using System.CommandLine;
using LiveCommerce.Load;
using LiveCommerce.Load.Scenarios;

var name = new Argument<string>("scenario") { Description = "What to send." };
name.AcceptOnlyFromAmong("baseline", "claims", "locks", "evaluate", "codes", "orders", "lineup-read", "schedule", "overload", "phases", "month-view", "proposal");
var seconds = Number("--seconds", 10, 0.1, 600, "Measured time of the scenario; the baseline takes as long again.");
var rounds = Number("--rounds", 5, 1, 100, "Turns the time is cut into.");
var connections = Number("--connections", 0, 1, 4096, "Requests in flight; 64 unless given, 128 for claims, 1,024 for overload.");
var campaigns = Number("--campaigns", 1, 1, 10_000, "claims: spread over so many campaigns.");
var existing = Number("--existing", 0, 0, 100_000_000, "claims: so many coupons of others are in the table before; empty tables are measured first. schedule: so many sessions, 100,000 unless given.");
var exhausted = new Option<bool>("--exhausted") { Description = "claims: of a campaign whose stock is gone; every answer is a refusal." };
var coupons = Number("--coupons", 10, 1, 1000, "evaluate: coupons the customer has.");
var codes = Number("--codes", 5_000_000, 1, 5_000_000, "codes: how many.");
var sessions = Number("--sessions", 2_000, 1, 20_000, "phases: sessions due at one instant.");
var edits = Number("--edits", 0, 0, 1000, "month-view: so many changes of the month a second meanwhile.");
var times = Number("--times", 4, 1, 100, "overload: so many times what can be sustained.");
var seed = Number("--seed", 1, 0, int.MaxValue, "proposal: which of the random instances.");
var json = new Option<bool>("--json") { Description = "Ends with one line of JSON." };
var command = new RootCommand("Measures AllInOne, started as its own process on an empty folder, against a trivial signed-in request of the same run.")
{
    name, seconds, rounds, connections, campaigns, existing, exhausted, coupons, codes, sessions, edits, times, seed, json,
};
command.SetAction(async parsed =>
{
    var report = await Measure(parsed);
    foreach (var line in report.Lines()) Console.WriteLine(line);
    if (parsed.GetValue(json)) Console.WriteLine(report.ToJson());
    return report.IsClean ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();

async Task<IReport> Measure(ParseResult parsed)
{
    int Given(Option<double> option) => (int)parsed.GetValue(option);
    LoadPlan Plan(int usual) => new(TimeSpan.FromSeconds(parsed.GetValue(seconds)), Given(rounds), Given(connections) is > 0 and var asked ? asked : usual);
    Task<LoadReport> Turns(Scenario scenario) => LoadRun.Run(parsed.GetValue(name)!, scenario, Plan(scenario.Connections), Console.WriteLine);

    switch (parsed.GetValue(name))
    {
        case "claims" when parsed.GetValue(exhausted): return await Turns(new ClaimExhausted());
        case "claims" when Given(existing) > 0:
            var empty = await Turns(new ClaimCoupons(Given(campaigns), 0));
            return await Turns(new ClaimCoupons(Given(campaigns), Given(existing))) with { OnEmpty = empty };
        case "claims": return await Turns(new ClaimCoupons(Given(campaigns), 0));
        case "locks": return await Turns(new LockAndRedeem());
        case "evaluate": return await Turns(new EvaluateCart(Given(coupons)));
        case "codes": return await CodesRun.Run(Given(codes), Console.WriteLine);
        case "phases": return await PhasesRun.Run(Given(sessions), TimeSpan.FromSeconds(parsed.GetValue(seconds)), Console.WriteLine);
        case "orders": return await Turns(new PlaceOrders());
        case "lineup-read": return await Turns(new ReadLineup());
        case "schedule": return await Turns(new ScheduleSessions(Given(existing) is > 0 and var there ? there : ScheduleSessions.UsualExisting));
        case "month-view": return await Turns(new ReadMonth(Given(edits)));
        case "proposal": return await ProposalRun.Run(Given(seed), Console.WriteLine);
        case "overload": return await OverloadRun.Run(Plan(1024), parsed.GetValue(times), Console.WriteLine);
        default: return await Turns(new TrivialPost());
    }
}

static Option<double> Number(string name, double usual, double least, double most, string description)
{
    var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => usual };
    option.Validators.Add(r =>
    {
        if (!r.Implicit && (r.GetValueOrDefault<double>() < least || r.GetValueOrDefault<double>() > most)) r.AddError($"{name} must be from {least} to {most}.");
    });
    return option;
}
