using System.Net.Http.Headers;
using System.Text;

namespace LiveCommerce.Support;

/// <summary>Bodies that no address which takes JSON may take.</summary>
public static class BadInput
{
    private const int LargestBody = 1 << 20;

    private static readonly (string Body, int Status, string Code)[] Bodies =
    [
        ("", 400, "request.malformed"),
        ("{", 400, "request.malformed"),
        ("name=x", 400, "request.malformed"),
        ("{ } { }", 400, "request.malformed"),
        ("""{ "x": 1, "x": 2 }""", 400, "request.malformed"),
        ("{ } // comment", 400, "request.malformed"),
        (new string('[', 5000), 400, "request.malformed"),
        ("null", 400, "request.invalid"),
        ("[]", 400, "request.invalid"),
        ("7", 400, "request.invalid"),
        ("\"text\"", 400, "request.invalid"),
        ("{ }", 400, "request.invalid"),
        ("""{ "unheardOf": true }""", 400, "request.invalid"),
        ($$"""{ "unheardOf": "{{new string('x', LargestBody)}}" }""", 413, "request.too_large"),
    ];

    /// <summary>Sends each of them, and one of another media type.</summary>
    /// <returns>A line for each answer that is not as it should be.</returns>
    public static async Task<IReadOnlyList<string>> WrongAnswers(HttpClient client, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var wrong = new List<string>();
        foreach (var (body, status, code) in Bodies)
        {
            // What is too large is refused before it is sent: else the refusal and the rest of the body race for the connection.
            var answer = await client.Send(method, path, body, body.Length > LargestBody ? [.. headers, ("Expect", "100-continue")] : headers);
            if ((answer.Status, answer.Code) != (status, code)) wrong.Add($"{method} {path} with {body[..Math.Min(body.Length, 40)]}: {answer.Status} {answer.Content}, not {status} {code}");
        }
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{ }")) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var typed = await client.SendAsync(request);
        if ((int)typed.StatusCode != 415) wrong.Add($"{method} {path} as text/plain: {(int)typed.StatusCode}");
        return wrong;
    }

    /// <summary>All faults of an answer, as <c>pointer code</c>.</summary>
    public static IReadOnlyList<string> FaultsOf(Answer answer) => [.. answer.Json["faults"]?.AsArray().Select(f => $"{f!["pointer"]} {f["code"]}") ?? []];
}
