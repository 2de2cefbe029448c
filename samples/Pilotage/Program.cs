using Pilotage;

await using var app = SteeringSystem.Build(args);
await app.RunAsync();
