using System.Collections.Concurrent;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;

namespace GrainKube.Controllers.Tests.AdmissionPolicies;

/// <summary>Has no opinion but on <c>questions</c>, which a test answers by hand when it wants to.</summary>
internal sealed class OutsideAuthorizer : IAuthorizer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Channel<TaskCompletionSource<AuthorizationDecision>>> questions = new();

    /// <summary>The next question about that name.</summary>
    public async Task<TaskCompletionSource<AuthorizationDecision>> NextAsync(string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Of(name).Reader.ReadAsync(patience.Token);
    }

    public AuthorizationDecision? Known(UserInfo user, RequestInfo request) => request.Resource == "questions" ? null : new AuthorizationDecision(false);

    public async ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        if (Known(user, request) is { } known)
        {
            return known;
        }

        var answer = new TaskCompletionSource<AuthorizationDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Of(request.Name).Writer.WriteAsync(answer, cancel);
        return await answer.Task.WaitAsync(cancel);
    }

    private Channel<TaskCompletionSource<AuthorizationDecision>> Of(string name) => questions.GetOrAdd(name, static _ => Channel.CreateUnbounded<TaskCompletionSource<AuthorizationDecision>>());
}
