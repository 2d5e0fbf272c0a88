using GrainKube.Controllers.NodeLifecycle;
using Xunit;

namespace GrainKube.Controllers.Tests.NodeLifecycle;

public sealed class NodeHealthTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Membership_decides_where_a_silo_is_known()
    {
        Assert.Equal(new NodeHealth(KubeletSign.Gone, null), NodeHealth.Of(false, (Now, TimeSpan.FromHours(1)), Now, Now, Now));
        Assert.Equal(new NodeHealth(KubeletSign.Alive, null), NodeHealth.Of(true, null, null, Now.AddDays(-1), Now));
    }

    [Fact]
    public void A_lease_is_good_as_long_as_it_says_and_no_less_than_the_grace()
    {
        Assert.Equal(new NodeHealth(KubeletSign.Alive, TimeSpan.FromSeconds(20)), NodeHealth.Of(null, (Now.AddSeconds(-30), TimeSpan.FromSeconds(40)), null, Now.AddDays(-1), Now));
        Assert.Equal(KubeletSign.Alive, NodeHealth.Of(null, (Now.AddMinutes(-10), TimeSpan.FromMinutes(15)), null, Now.AddDays(-1), Now).Sign);
        Assert.Equal(KubeletSign.Gone, NodeHealth.Of(null, (Now.AddSeconds(-50), TimeSpan.FromSeconds(40)), null, Now.AddDays(-1), Now).Sign);
    }

    [Fact]
    public void A_heartbeat_alone_is_believed_for_the_grace_period()
    {
        Assert.Equal(new NodeHealth(KubeletSign.Alive, TimeSpan.FromSeconds(10)), NodeHealth.Of(null, null, Now.AddSeconds(-40), Now.AddDays(-1), Now));
        Assert.Equal(KubeletSign.Gone, NodeHealth.Of(null, null, Now.AddSeconds(-51), Now.AddDays(-1), Now).Sign);
    }

    [Fact]
    public void A_new_node_has_a_minute_to_say_something()
    {
        Assert.Equal(new NodeHealth(KubeletSign.Alive, TimeSpan.FromSeconds(45)), NodeHealth.Of(null, null, null, Now.AddSeconds(-15), Now));
        Assert.Equal(KubeletSign.NeverSeen, NodeHealth.Of(null, null, null, Now.AddSeconds(-60), Now).Sign);
    }
}
