using System.Text;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authentication.BootstrapTokens;
using GrainKube.ApiServer.Tests.Admission;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class BootstrapTokenTests
{
    private const string Token = "abcdef.0123456789abcdef";
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeObjects objects = new();

    [Fact]
    public async Task The_token_of_a_secret_is_a_bootstrapper()
    {
        Secret(("auth-extra-groups", "system:bootstrappers:kubeadm:default-node-token"), ("expiration", "2026-11-22T13:00:00Z"));
        var user = (await VerifyAsync(Token))!;
        Assert.Equal("system:bootstrap:abcdef", user.Name);
        Assert.Equal(["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"], user.Groups);
        Assert.Null(await VerifyAsync("abcdef.0123456789abcdee"));
        Assert.Null(await VerifyAsync("abcdeg.0123456789abcdef"));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await VerifyAsync(Token));
    }

    [Theory]
    [InlineData("usage-bootstrap-authentication", "false")]
    [InlineData("token-id", "fedcba")]
    [InlineData("auth-extra-groups", "system:masters")]
    [InlineData("expiration", "tomorrow")]
    public async Task A_secret_that_is_not_as_it_must_be_is_no_token(string field, string value)
    {
        Secret((field, value));
        Assert.Null(await VerifyAsync(Token));
    }

    [Fact]
    public async Task A_secret_of_another_type_or_one_that_goes_is_no_token()
    {
        Secret(type: "Opaque");
        Assert.Null(await VerifyAsync(Token));
        Secret(deleted: time.GetUtcNow());
        Assert.Null(await VerifyAsync(Token));
    }

    [Fact]
    public async Task Where_it_is_switched_off_no_secret_is_a_token()
    {
        Secret();
        Assert.Null(await VerifyAsync(Token, enabled: false));
        Assert.NotNull(await VerifyAsync(Token));
    }

    private void Secret(params (string, string)[] fields) => Secret("bootstrap.kubernetes.io/token", null, fields);

    private void Secret(string type = "bootstrap.kubernetes.io/token", DateTimeOffset? deleted = null, params (string Name, string Value)[] fields)
    {
        Dictionary<string, string> data = new() { ["token-id"] = "abcdef", ["token-secret"] = "0123456789abcdef", ["usage-bootstrap-authentication"] = "true" };
        foreach (var (name, value) in fields)
        {
            data[name] = value;
        }

        var json = string.Join(",", data.Select(d => $"\"{d.Key}\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(d.Value))}\""));
        objects.Add("", "secrets", "kube-system", "bootstrap-token-abcdef", $$"""{"type":"{{type}}","data":{{{json}}} }""", deleted: deleted);
    }

    private async Task<GrainKube.ApiMachinery.Identity.UserInfo?> VerifyAsync(string token, bool enabled = true) =>
        (await new BootstrapTokenVerifier(objects, time, Options.Create(new AuthenticationOptions { BootstrapTokens = enabled })).VerifyAsync(token, [], CancellationToken.None))?.User;
}
