using LiveCommerce.Support;

namespace LiveCommerce.Scheduling.Tests.Crew;

/// <summary>Random assignments, moves and cancellations against a model that knows nothing but lists.</summary>
internal sealed class NeverTwicePlacesProperties
{
    private Calendar _calendar = null!;

    [OneTimeSetUp]
    public async Task Open() => _calendar = await Calendar.Open();

    [OneTimeTearDown]
    public async Task Close() => await _calendar.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 10)]
    public void WhateverIsAssignedMovedAndCancelled_NobodyIsInTwoSessionsAtOnce_NorAnywhereWhileAway((byte, byte, byte)[] steps) =>
        Run(steps).GetAwaiter().GetResult();

    private async Task Run((byte, byte, byte)[] steps)
    {
        var people = new List<Guid>();
        for (var i = 0; i < 3; i++) people.Add(await _calendar.AddPerson("Model"));
        var model = new Dictionary<Guid, (DateTimeOffset From, DateTimeOffset To, HashSet<Guid> Crew)>();
        for (var i = 0; i < 3; i++)
        {
            var plan = (await _calendar.NewPlan()).At(_calendar.Soon.AddHours(i), 1);
            model[await _calendar.Scheduled(plan)] = (plan.StartsAt, plan.EndsAt, []);
        }
        var away = (From: _calendar.Soon.AddHours(4), To: _calendar.Soon.AddHours(5));
        await _calendar.Away(people[0], away.From, away.To);
        foreach (var (action, which, what) in steps)
        {
            if (model.Count == 0) break;
            var id = model.Keys.Order().ElementAt(which % model.Count);
            var (from, to, crew) = model[id];
            switch (action % 8)
            {
                case 0 when action >= 200:
                    Assert.That((await _calendar.Do(id, "cancel")).Status, Is.EqualTo(200));
                    model.Remove(id);
                    break;
                case < 4:
                    var wanted = people.Where((_, i) => (what >> i) % 2 == 1).ToHashSet();
                    var isFree = wanted.Except(crew).All(p => IsFree(p, id, from, to));
                    var assigned = await _calendar.Assign(id, [.. wanted.Select(p => (p, "Model"))]);
                    Assert.That(assigned.Status, Is.EqualTo(isFree ? 200 : 409), assigned.Content);
                    if (isFree) model[id] = (from, to, wanted);
                    break;
                default:
                    var (start, end) = (_calendar.Soon.AddMinutes(30 * (what % 12)), _calendar.Soon.AddMinutes(30 * (what % 12) + 60));
                    var fits = (start, end) == (from, to) || crew.All(p => IsFree(p, id, start, end));
                    var moved = await _calendar.Move(id, start, 1);
                    Assert.That(moved.Status, Is.EqualTo(fits ? 200 : 409), moved.Content);
                    if (fits) model[id] = (start, end, crew);
                    break;
            }
        }
        foreach (var person in people)
        {
            var seen = (await _calendar.Anyone().Get($"/scheduling/people/{person}/calendar")).Json["sessions"]!.AsArray()
                .Select(e => ((Guid)e!["sessionId"]!, (DateTimeOffset)e["startsAt"]!, (DateTimeOffset)e["endsAt"]!)).ToList();
            Assert.That(seen, Is.EquivalentTo(model.Where(m => m.Value.Crew.Contains(person)).Select(m => (m.Key, m.Value.From, m.Value.To))));
            foreach (var (earlier, later) in seen.Zip(seen.Skip(1))) Assert.That(earlier.Item3, Is.LessThanOrEqualTo(later.Item2));
        }
        foreach (var id in model.Keys) await _calendar.Do(id, "cancel");

        bool IsFree(Guid person, Guid session, DateTimeOffset start, DateTimeOffset end) =>
            model.All(m => m.Key == session || !m.Value.Crew.Contains(person) || m.Value.To <= start || m.Value.From >= end) &&
            (person != people[0] || away.To <= start || away.From >= end);
    }
}
