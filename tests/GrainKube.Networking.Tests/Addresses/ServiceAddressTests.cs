using GrainKube.Objects.Writes;

namespace GrainKube.Networking.Tests.Addresses;

public sealed class ServiceAddressTests(AddressWorld world) : IClassFixture<AddressWorld>
{
    [Fact]
    public async Task A_service_gets_an_address_whose_object_is_made_with_it()
    {
        var service = await world.CreateAsync();
        var ip = AddressWorld.Ip(service);
        Assert.StartsWith("10.50.0.", ip, StringComparison.Ordinal);
        Assert.Equal([ip], service["spec"]!["clusterIPs"]!.AsArray().Select(a => (string)a!));
        Assert.Equal(("SingleStack", "IPv4"), ((string)service["spec"]!["ipFamilyPolicy"]!, (string)service["spec"]!["ipFamilies"]![0]!));
        var address = (await world.AddressAsync(ip))!;
        Assert.Equal("IPv4", (string)address["metadata"]!["labels"]!["ipaddress.kubernetes.io/ip-family"]!);
        Assert.Equal("ipallocator.k8s.io", (string)address["metadata"]!["labels"]!["ipaddress.kubernetes.io/managed-by"]!);
        var parent = address["spec"]!["parentRef"]!;
        Assert.Equal(("services", "default", AddressWorld.Name(service)), ((string)parent["resource"]!, (string)parent["namespace"]!, (string)parent["name"]!));
        await world.DeleteAsync(service);
        Assert.Null(await world.AddressAsync(ip));
    }

    [Fact]
    public async Task A_chosen_address_is_had_by_one()
    {
        var first = await world.CreateAsync("""{"clusterIP":"10.50.0.60"}""");
        var refused = await AddressWorld.RefusedAsync(() => world.CreateAsync("""{"clusterIP":"10.50.0.60"}""", silo: 1, name: "late"));
        Assert.Equal((422, "Invalid"), (refused.Code, refused.Reason));
        Assert.Equal("spec.clusterIPs", Assert.Single(refused.Causes).Field);
        Assert.Equal(
            "Service \"late\" is invalid: spec.clusterIPs: Invalid value: [\"10.50.0.60\"]: failed to allocate IP 10.50.0.60: provided IP is already allocated", refused.Message);
        await world.DeleteAsync(first);
        await world.DeleteAsync(await world.CreateAsync("""{"clusterIP":"10.50.0.60"}""", silo: 1));
    }

    [Theory]
    [InlineData("10.51.0.1")]
    [InlineData("10.50.0.0")]
    [InlineData("10.50.0.63")]
    public async Task An_address_outside_of_the_range_is_refused(string address)
    {
        var refused = await AddressWorld.RefusedAsync(() => world.CreateAsync($$"""{"clusterIP":"{{address}}"}"""));
        Assert.Equal((422, "spec.clusterIPs"), (refused.Code, refused.Causes[0].Field));
        Assert.Contains($"the provided IP ({address}) is not in the valid range. The range of valid IPs is {AddressWorld.Range}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headless_services_and_external_names_have_no_address()
    {
        Assert.Equal("None", AddressWorld.Ip(await world.CreateAsync("""{"clusterIP":"None"}""")));
        Assert.Equal("", AddressWorld.Ip(await world.CreateAsync("""{"type":"ExternalName","externalName":"example.com"}""")));
    }

    [Fact]
    public async Task An_update_that_leaves_the_address_out_keeps_it()
    {
        var service = await world.CreateAsync();
        var changed = await world.PatchAsync(service, """{"spec":{"clusterIP":null,"clusterIPs":null,"ports":[{"port":81}]}}""", silo: 1);
        Assert.Equal(AddressWorld.Ip(service), AddressWorld.Ip(changed));
        await world.DeleteAsync(service);
        Assert.Null(await world.AddressAsync(AddressWorld.Ip(service)));
    }

    [Fact]
    public async Task Changes_of_type_take_and_give_back()
    {
        var service = await world.CreateAsync("""{"type":"NodePort"}""");
        var (ip, port) = (AddressWorld.Ip(service), AddressWorld.Port(service));
        Assert.True(port is >= 30_000 and <= 32_767 && await world.IsPortTakenAsync(port));

        service = await world.PatchAsync(service, """{"spec":{"type":"ClusterIP"}}""");
        Assert.Equal((ip, 0), (AddressWorld.Ip(service), AddressWorld.Port(service)));
        Assert.False(await world.IsPortTakenAsync(port));

        service = await world.PatchAsync(service, """{"spec":{"type":"LoadBalancer","externalTrafficPolicy":"Local"}}""", silo: 1);
        var health = (int)service["spec"]!["healthCheckNodePort"]!;
        port = AddressWorld.Port(service);
        Assert.True(await world.IsPortTakenAsync(health) && await world.IsPortTakenAsync(port) && health != port);

        service = await world.PatchAsync(service, """{"spec":{"type":"ExternalName","externalName":"example.com","clusterIP":null,"ports":null}}""");
        Assert.Equal("", AddressWorld.Ip(service));
        Assert.False(await world.IsPortTakenAsync(health) || await world.IsPortTakenAsync(port));
        Assert.Null(await world.AddressAsync(ip));

        service = await world.PatchAsync(service, """{"spec":{"type":"ClusterIP","externalName":null,"ports":[{"port":80}]}}""");
        Assert.NotNull(await world.AddressAsync(AddressWorld.Ip(service)));
        await world.DeleteAsync(service);
    }

    [Fact]
    public async Task A_node_port_belongs_to_one_service_and_serves_all_its_protocols()
    {
        var service = await world.CreateAsync("""{"type":"NodePort","ports":[{"name":"t","port":53,"protocol":"TCP"},{"name":"u","port":53,"protocol":"UDP"}]}""");
        Assert.Equal(AddressWorld.Port(service), AddressWorld.Port(service, 1));
        var taken = AddressWorld.Port(service);
        var refused = await AddressWorld.RefusedAsync(() => world.CreateAsync($$"""{"type":"NodePort","ports":[{"port":1,"nodePort":{{taken}}}]}""", silo: 1, name: "second"));
        Assert.Equal((422, "spec.ports[0].nodePort"), (refused.Code, refused.Causes[0].Field));
        Assert.Equal($"Service \"second\" is invalid: spec.ports[0].nodePort: Invalid value: {taken}: provided port is already allocated", refused.Message);
        await world.DeleteAsync(service);
        Assert.False(await world.IsPortTakenAsync(taken));
        refused = await AddressWorld.RefusedAsync(() => world.CreateAsync("""{"type":"NodePort","ports":[{"port":1,"nodePort":29999}]}"""));
        Assert.Contains("Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_shows_an_address_and_takes_none()
    {
        var before = await world.Store.GetRevisionAsync(CancellationToken.None);
        var name = world.NewName();
        var request = AddressWorld.Create($$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{name}}","namespace":"default"},"spec":{"type":"NodePort","ports":[{"port":80}]} }""");
        var answer = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse((await world.SendAsync(AddressWorld.Key(name), request with { DryRun = true })).Json)!;
        Assert.StartsWith("10.50.0.", AddressWorld.Ip(answer), StringComparison.Ordinal);
        Assert.False(await world.IsPortTakenAsync(AddressWorld.Port(answer)));
        Assert.Null(await world.AddressAsync(AddressWorld.Ip(answer)));
        Assert.Equal(404, (await AddressWorld.RefusedAsync(() => world.SendAsync(AddressWorld.Key(name), new WriteRequest { Verb = WriteVerb.Delete, User = new() { Name = "t" } }))).Code);
        Assert.True(before > 0);
    }

    [Fact]
    public async Task A_family_that_the_cluster_has_not_is_refused()
    {
        var refused = await AddressWorld.RefusedAsync(() => world.CreateAsync("""{"ipFamilyPolicy":"RequireDualStack"}"""));
        Assert.Contains("spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services", refused.Message, StringComparison.Ordinal);
        refused = await AddressWorld.RefusedAsync(() => world.CreateAsync("""{"ipFamilies":["IPv6"]}"""));
        Assert.Contains("spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster", refused.Message, StringComparison.Ordinal);
        var preferring = await world.CreateAsync("""{"ipFamilyPolicy":"PreferDualStack"}""");
        Assert.Single(preferring["spec"]!["clusterIPs"]!.AsArray());
        await world.DeleteAsync(preferring);
    }
}
