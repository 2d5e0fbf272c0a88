using Xunit;

namespace GrainKube.Resources.Tests.Coordination.Leases;

public sealed class LeaseValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"l1"},"spec":{"leaseDurationSeconds":0,"leaseTransitions":-1}}
            """,
            [
                """spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0""",
                """spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0""",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("leases.coordination.k8s.io", json).Errors);

    [Fact]
    public void What_only_coordinated_leader_election_needs_is_not_kept() => Assert.Equal(
        """{"holderIdentity":"a"}""",
        Written.Create("leases.coordination.k8s.io", """{"metadata":{"name":"l1"},"spec":{"holderIdentity":"a","strategy":"OldestEmulationVersion","preferredHolder":"b"}}""").Item["spec"]!.ToJsonString());
}
