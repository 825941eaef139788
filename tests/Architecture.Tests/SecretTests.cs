using System.Reflection;
using System.Text.RegularExpressions;
using LiveCommerce.Data;

namespace LiveCommerce.Architecture.Tests;

internal sealed partial class SecretTests
{
    [Test]
    public void WhatARequestOrAnAnswerCallsASecret_IsMarkedAsOne()
    {
        var named = Product.Types.Where(t => t.IsNested && !t.IsEnum).SelectMany(t => t.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            .Where(p => p.PropertyType == typeof(string) && Named().IsMatch(p.Name)).ToList();
        Assert.That(named, Has.Count.GreaterThan(8));
        Assert.That(named.Where(p => !p.IsDefined(typeof(SecretAttribute))).Select(p => $"{p.DeclaringType!.DeclaringType!.Name}.{p.DeclaringType.Name}.{p.Name}"), Is.Empty);
        var marked = Product.Types.SelectMany(t => t.GetProperties(BindingFlags.Instance | BindingFlags.Public)).Where(p => p.IsDefined(typeof(SecretAttribute)));
        Assert.That(marked.Select(p => p.DeclaringType!), Is.All.Matches<Type>(Secrets.IsIn));
    }

    [GeneratedRegex("(Password|Secret|Token|Url)$")]
    private static partial Regex Named();
}
