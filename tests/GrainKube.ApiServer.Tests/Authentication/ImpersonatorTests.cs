using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Tests.Authorization;
using Microsoft.AspNetCore.Http;
using Xunit;
using static GrainKube.ApiServer.Tests.Authorization.Access;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class ImpersonatorTests
{
    private readonly Access access = new();

    [Fact]
    public async Task Without_headers_one_stays_oneself() => Assert.Equal("bob", (await ActAsync(User("bob"))).Name);

    [Fact]
    public async Task A_master_may_be_anybody()
    {
        var user = await ActAsync(User("root", "system:masters"), ("Impersonate-User", "alice"), ("Impersonate-Group", "g1"), ("Impersonate-Extra-scopes", "view"), ("Impersonate-Uid", "7"));
        Assert.Equal(("alice", "7"), (user.Name, user.Uid));
        Assert.Equal(["g1", "system:authenticated"], user.Groups);
        Assert.Equal(["view"], user.Extra["scopes"]);
    }

    [Fact]
    public async Task Who_is_to_be_unknown_is_not_known_as_well()
    {
        var user = await ActAsync(User("root", "system:masters"), ("Impersonate-User", "alice"), ("Impersonate-Group", "system:unauthenticated"));
        Assert.Equal(["system:unauthenticated"], user.Groups);
    }

    [Fact]
    public async Task A_service_account_brings_its_groups()
    {
        access.Let("bob", "web", "impersonate", "", "serviceaccounts", "robot");
        var user = await ActAsync(User("bob"), ("Impersonate-User", "system:serviceaccount:web:robot"));
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:web", "system:authenticated"], user.Groups);
    }

    [Fact]
    public async Task Each_part_must_be_allowed()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => ActAsync(User("bob"), ("Impersonate-User", "alice")));
        Assert.Equal(
            (403, "users \"alice\" is forbidden: User \"bob\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"),
            (refusal.Status.Code, refusal.Status.Message));
        access.Let("bob", "", "impersonate", "", "users");
        refusal = await Assert.ThrowsAsync<ApiException>(() => ActAsync(User("bob"), ("Impersonate-User", "alice"), ("Impersonate-Group", "system:masters")));
        Assert.StartsWith("groups \"system:masters\" is forbidden: User \"bob\" cannot impersonate resource \"groups\"", refusal.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_without_a_user_are_a_bad_request()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => ActAsync(User("root", "system:masters"), ("Impersonate-Group", "x")));

        Assert.Equal(400, refusal.Status.Code);
        Assert.Equal("""requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"x"}, Extra:map[string][]string(nil)} without impersonating a user name""", refusal.Status.Message);
    }

    [Fact]
    public async Task One_extra_key_written_in_two_ways_has_the_values_of_both()
    {
        var acting = await ActAsync(User("root", "system:masters"), ("Impersonate-User", "jane"), ("Impersonate-Extra-a", "1"), ("Impersonate-Extra-%61", "2"));

        Assert.Equal(["1", "2"], acting.Extra["a"]);
    }

    private Task<UserInfo> ActAsync(UserInfo caller, params (string Name, string Value)[] headers)
    {
        var given = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            given.Append(name, value);
        }

        return new Impersonator(access.Question).ActAsync(caller, given, CancellationToken.None).AsTask();
    }
}
