using System.Net;
using System.Text;

namespace GrainKube.ApiServer.Tests.Authentication;

/// <summary>A server that is asked over HTTP, without a network.</summary>
internal sealed class FakeServer(Func<HttpRequestMessage, string, (HttpStatusCode Code, string Body)> answer) : HttpMessageHandler
{
    public List<string> Asked { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Asked)
        {
            Asked.Add($"{request.Method} {request.RequestUri!.AbsolutePath} {body}".TrimEnd());
        }

        var (code, text) = answer(request, body);
        return new HttpResponseMessage(code) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
