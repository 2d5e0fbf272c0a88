using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.Priorities;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Priorities;

public sealed class PriorityTests
{
    private readonly FakeObjects objects = new FakeObjects()
        .AddPriorityClass("system-node-critical", """{"value":2000001000,"preemptionPolicy":"PreemptLowerPriority"}""")
        .AddPriorityClass("polite", """{"value":7,"preemptionPolicy":"Never"}""");

    private PodPriority Plugin => new(objects);

    [Theory]
    [InlineData("{}", 0, "PreemptLowerPriority")]
    [InlineData("""{"priorityClassName":"system-node-critical"}""", 2000001000, "PreemptLowerPriority")]
    [InlineData("""{"priorityClassName":"polite","priority":7}""", 7, "Never")]
    public async Task A_pod_gets_the_numbers_of_its_class(string given, int priority, string policy)
    {
        var spec = (await Asking.Pod(given).ThroughAsync(Plugin))["spec"]!;
        Assert.Equal((priority, policy), ((int)spec["priority"]!, (string)spec["preemptionPolicy"]!));
    }

    [Fact]
    public async Task The_lowest_default_class_is_taken_by_pods_that_name_none()
    {
        objects.AddPriorityClass("d1", """{"value":9,"globalDefault":true}""").AddPriorityClass("d2", """{"value":5,"globalDefault":true}""");
        var spec = (await Asking.Pod("{}").ThroughAsync(Plugin))["spec"]!;
        Assert.Equal(("d2", 5), ((string)spec["priorityClassName"]!, (int)spec["priority"]!));
    }

    [Theory]
    [InlineData("""{"priorityClassName":"x"}""", "no PriorityClass with name x was found")]
    [InlineData("""{"priority":3}""", "the integer value of priority (3) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name")]
    [InlineData(
        """{"priorityClassName":"system-node-critical","preemptionPolicy":"Never"}""",
        "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name")]
    public async Task Numbers_of_ones_own_are_refused(string given, string message)
    {
        var status = await Asking.Pod(given, "a").RefusedByAsync(Plugin);
        Assert.Equal((403, $"pods \"a\" is forbidden: {message}"), (status.Code, status.Message));
    }

    [Fact]
    public async Task An_update_that_leaves_the_numbers_out_keeps_them()
    {
        var request = Asking.Create("pods", "web", "a", """{"spec":{}}""", operation: AdmissionOperation.Update, current: """{"spec":{"priority":7,"preemptionPolicy":"Never"}}""");
        Assert.Equal("""{"priority":7,"preemptionPolicy":"Never"}""", (await request.ThroughAsync(Plugin))["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task There_is_one_default_class()
    {
        objects.AddPriorityClass("d1", """{"value":9,"globalDefault":true}""");
        var one = new OneDefaultPriorityClass(objects);
        var status = await Asking.Create("priorityclasses", "", "d2", """{"value":1,"globalDefault":true}""", "scheduling.k8s.io").RefusedByAsync(one);
        Assert.Equal("priorityclasses.scheduling.k8s.io \"d2\" is forbidden: PriorityClass d1 is already marked as default. Only one default can exist", status.Message);
        await Asking.Create("priorityclasses", "", "d1", """{"value":1,"globalDefault":true}""", "scheduling.k8s.io", operation: AdmissionOperation.Update).ValidatedByAsync(one);
    }
}
